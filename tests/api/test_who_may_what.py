"""Every act of the API by every colleague: done by those who may, refused to the others with nothing changed."""

import pytest
from django.apps import apps
from django.db import transaction
from django.urls import URLResolver
from django.utils import timezone

from leads import deals
from leads.models import Act, Stage
from sla import disputing, holding
from sla.models import Agreement, Clock
from smarketing.accounts.models import Side
from smarketing.urls import urlpatterns
from tests.api.conftest import TOLD
from tests.factories import AgreementFactory, CriteriaSetFactory, LeadFactory

CAST = ["mia", "mara", "sam", "sonia", "sven", "max", "fin", "ada"]
BOTH_SIDES = {"mia", "mara", "sam", "sonia", "sven", "max"}
MARKETING = {"mia", "mara", "max"}
SALES = {"sam", "sonia", "sven", "max"}
SAM_OR_WHO_LEADS_SALES = {"sam", "sven", "max"}
LEADERS = {"mara", "sven", "max"}

# method, address, body, who may. {new}, {ready}: leads with marketing; {contacted}: sam's; {sent}, {asked}, {accepted}: sam's hand-offs.
ACTS = [
    ("post", "leads/", {"contact": {"email": "new@person.example"}}, BOTH_SIDES),
    ("patch", "leads/{new}/", {"contact": {"job_title": "Buyer"}}, BOTH_SIDES),
    ("post", "leads/{new}/activities/", {"kind": "visit"}, BOTH_SIDES),
    ("put", "leads/{new}/judgements/decider/", {"answer": "yes"}, MARKETING),
    ("post", "leads/{new}/mark-sales-ready/", {}, MARKETING),
    ("post", "leads/{ready}/hand-off/", {"to": "pool", "brief": TOLD}, MARKETING),
    ("post", "leads/{new}/disqualify/", {"reason": "A student"}, MARKETING),
    ("post", "leads/{contacted}/disqualify/", {"reason": "A student"}, SAM_OR_WHO_LEADS_SALES),
    ("post", "leads/{contacted}/recycle/", {"reason": "Next year"}, SAM_OR_WHO_LEADS_SALES),
    ("post", "leads/{contacted}/open-opportunity/", {"amount": "1200.00"}, SAM_OR_WHO_LEADS_SALES),
    ("post", "leads/{contacted}/win/", {"amount": "1200.00"}, SAM_OR_WHO_LEADS_SALES),
    ("post", "leads/{dealt}/lose/", {"reason": "Price"}, SAM_OR_WHO_LEADS_SALES),
    ("post", "handoffs/{sent}/accept/", {}, SAM_OR_WHO_LEADS_SALES),
    ("post", "handoffs/{sent}/return/", {"reason": "duplicate"}, SAM_OR_WHO_LEADS_SALES),
    ("post", "handoffs/{sent}/ask/", {"question": "Who signs?"}, SAM_OR_WHO_LEADS_SALES),
    ("post", "handoffs/{pooled}/claim/", {}, SALES),
    ("post", "handoffs/{pooled}/accept/", {}, SALES),
    ("post", "handoffs/{asked}/answer/", {"answer": "The owner"}, MARKETING),
    ("post", "handoffs/{sent}/contact/", {"channel": "call", "result": "spoke"}, SAM_OR_WHO_LEADS_SALES),
    ("post", "handoffs/{sent}/duplicate/", {"of": "{asked}"}, SAM_OR_WHO_LEADS_SALES),
    ("post", "clocks/{running}/pause/", {"reason": "duplicate_review"}, SAM_OR_WHO_LEADS_SALES),
    ("post", "clocks/{held}/resume/", {}, SAM_OR_WHO_LEADS_SALES),
    ("post", "clocks/{stopped}/dispute/", {"reason": "It was noon already"}, BOTH_SIDES),
    ("post", "clocks/{running}/void/", {"reason": "The telephones were down"}, {"mara", "max"}),
    ("post", "disputes/{disputed}/answer/", {"decision": "void", "answer": "You are right"}, {"mara", "max"}),
    ("put", "leads/{ready}/brief-draft/", {"brief": {"need": "A price"}}, MARKETING),
    ("post", "handoffs/{returned}/contest/", {"words": "It is what we agreed"}, MARKETING),
    ("post", "handoffs/{contested}/decide/", {"decision": "rejected"}, LEADERS),
    ("post", "handoffs/{called}/claims/", {"findings": {"brief-need": "confirmed"}}, SAM_OR_WHO_LEADS_SALES),
    ("post", "handoffs/{sent}/messages/", {"text": "Who signs there?"}, BOTH_SIDES),
    ("post", "handoffs/pool/next/", {}, SALES),
    ("post", "handoffs/{pooled}/skip/", {"reason": "language"}, SALES),
    ("post", "acts/{act}/undo/", {}, {"mia"}),
    ("post", "agreements/{draft}/what-if/", {}, LEADERS),
    ("post", "scorecard/values/demos/", {"month": f"{timezone.localdate():%Y-%m}", "value": "3"}, BOTH_SIDES),
]
ONLY_ONES_OWN = "acts/{act}/undo/"  # what others did is invisible there
NOTHING_OFFERED = "handoffs/{pooled}/skip/"  # whoever may is told that nothing was offered to him


@pytest.fixture
def numbers(hand_over, mia, sam):
    CriteriaSetFactory(points_needed=0, lines=[{"key": "decider", "label": "Decider", "points": 5}])
    asked, contacted, dealt = hand_over(sam), hand_over(sam), hand_over(sam)
    now = timezone.now()
    asked.ask("Who signs?", by=sam, at=now)
    for handoff in (contacted, dealt):
        handoff.log_contact("CALL", "SPOKE", occurred_at=now, note="", by=sam, at=now)
    deals.open_opportunity(dealt.lead, amount=1200, by=sam, at=now)
    returned, contested = hand_over(sam), hand_over(sam)
    for handoff in (returned, contested):
        handoff.return_("WRONG_ROUTE", "Other region", by=sam, at=now)
    contested.contest("It is our region", by=mia, at=now)
    promise_demos(at=now)
    sent = hand_over(sam)
    running, held = hand_over(sam), hand_over(sam)
    holding.hold(held, "DUPLICATE_REVIEW", until=None, by=sam, at=now)
    disputed, stopped = (Clock.objects.get(handoff=each, measure="ANSWER") for each in (contacted, dealt))
    return {
        "running": Clock.objects.get(handoff=running, measure="FIRST_CONTACT").pk,
        "held": Clock.objects.get(handoff=held, measure="FIRST_CONTACT").pk,
        "stopped": stopped.pk,
        "disputed": disputing.dispute(disputed, "Not our fault", by=sam, at=now).pk,
        "act": Act.objects.get(lead=sent.lead_id, kind="HAND_OVER").key,
        "returned": returned.pk,
        "contested": contested.pk,
        "called": contacted.pk,
        "draft": Agreement.draft_from(Agreement.objects.in_force(), by=None, at=now).pk,
        "new": LeadFactory().pk,
        "ready": LeadFactory(stage=Stage.SQL, captured_at=now, sql_at=now).pk,
        "contacted": contacted.lead_id,
        "dealt": dealt.lead_id,
        "sent": sent.pk,
        "pooled": hand_over("pool").pk,
        "asked": asked.pk,
    }


def promise_demos(*, at):
    """A promise of the two teams' own is in force."""
    draft = Agreement.draft_from(Agreement.objects.in_force(), by=None, at=at)
    draft.terms.create(kind="OWN", key="demos", label="Demos", side="JOINT", position=99, target_amount=3)
    vera, victor = AgreementFactory.signers()
    draft.propose(by=vera, at=at)
    draft.sign(Side.MARKETING, by=vera, at=at)
    draft.sign(Side.SALES, by=victor, at=at)


@pytest.fixture
def cast(request):
    return {name: request.getfixturevalue(name) for name in CAST}


def everything():
    """Every row of every room."""
    rooms = ("leads", "handoff", "sla", "dashboard")
    models = [
        model for room in rooms for model in apps.get_app_config(room).get_models() if model._meta.managed
    ]
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


@pytest.mark.parametrize(
    ("method", "address", "body", "who_may"), ACTS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_who_may_and_who_may_not(cast, numbers, software_of, method, address, body, who_may):
    before = everything()
    url = "/api/v1/" + address.format(**numbers)
    body = {key: value.format(**numbers) if isinstance(value, str) else value for key, value in body.items()}

    for name, person in cast.items():
        with transaction.atomic():
            answer = getattr(software_of(person), method)(url, body)
            if name in who_may:
                done = (422,) if address == NOTHING_OFFERED else (200, 201)
                assert answer.status_code in done, (name, answer.content)
            else:
                refusal = 404 if address == ONLY_ONES_OWN else 403
                assert answer.status_code == refusal, (name, answer.content)
                assert answer["Content-Type"] == "application/problem+json"
                assert everything() == before
            transaction.set_rollback(True)


@pytest.mark.parametrize("address", ["leads/", "leads/{new}/", "leads/{new}/activities/", "leads/{new}/verdict/", "handoffs/", "handoffs/{sent}/", "clocks/", "clocks/{running}/", "clocks/{held}/explain/", "disputes/",
                                     "agreements/", "agreements/current/", "dashboard/funnel/", "dashboard/promises/"])  # fmt: skip
def test_everybody_reads_and_nobody_without_a_token(cast, numbers, software_of, client, address):
    url = "/api/v1/" + address.format(**numbers)

    assert {name: software_of(person).get(url).status_code for name, person in cast.items()} == dict.fromkeys(
        cast, 200
    )
    assert client.get(url).status_code == 401


def every_route(patterns):
    """Also of those that a room includes in its own."""
    for pattern in patterns:
        yield from every_route(pattern.url_patterns) if isinstance(pattern, URLResolver) else [pattern]


def test_every_act_stands_in_the_table():
    """Whoever adds an endpoint that writes says here who may use it."""
    endpoints = {
        (method, str(route.pattern))
        for included in urlpatterns
        if str(included.pattern) == "api/v1/"
        for route in every_route(included.url_patterns)
        for method in ("post", "put", "patch", "delete")
        if hasattr(route.callback.view_class, method)
    }
    numbers = {
        "lead_id": ("new", "ready", "contacted", "dealt"),
        "handoff_id": ("sent", "asked", "pooled", "returned", "contested", "called"),
        "agreement_id": ("draft",),
        "clock_id": ("running", "held", "stopped"),
        "dispute_id": ("disputed",),
    }
    tested = set()
    for method, address, *_ in ACTS:
        for name, kinds in numbers.items():
            for kind in kinds:
                address = address.replace("{" + kind + "}", f"<int:{name}>")
        address = address.replace("{act}", "<uuid:key>")
        for name, word in (("judgements", "decider"), ("scorecard/values", "demos")):
            address = address.replace(f"{name}/{word}", f"{name}/<slug:key>")
        tested.add((method, address))

    assert endpoints == tested


def test_a_person_who_left_is_refused(software_of, sam):
    software = software_of(sam)
    type(sam).objects.filter(pk=sam.pk).update(is_active=False)

    assert software.get("/api/v1/leads/").status_code == 401
