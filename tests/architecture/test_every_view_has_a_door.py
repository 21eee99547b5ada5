"""Every address x every role: who may look, who may act; a refused act changes nothing; a new address without a line here fails.

Empty forms are sent: whoever may act is told what is missing (or succeeds), whoever may not is refused before anything is read.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.client import MULTIPART_CONTENT
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from handoff.conversation import coffee, talking
from handoff.models import BriefTemplate, Handoff, RoutingRule
from leads.models import Act, ImportBatch, SavedView, Stage
from sla.models import Agreement, Calendar, Clock, Connection, Dispute, Recompute, Term
from smarketing.accounts.models import Absence
from smarketing.api.models import ApiToken
from smarketing.sealing import seal
from tests.factories import (
    BRIEF,
    AgreementFactory,
    CampaignFactory,
    CriteriaSetFactory,
    LeadFactory,
    RestatementFactory,
)

pytestmark = pytest.mark.django_db

EVERYONE = {"mia", "mara", "sam", "sonia", "sven", "max", "fin", "ada"}
NOBODY: set[str] = set()
TEAMS = {"mia", "mara", "sam", "sonia", "sven", "max"}
MARKETING = {"mia", "mara", "max"}
SALES = {"sam", "sonia", "sven", "max"}
REP = {"sam", "sven", "max"}  # sam has the lead; who leads sales may act for him
LEADERS = {"mara", "sven", "max"}
SALES_LEADERS = {"sven", "max"}
ADMINISTRATOR = {"ada"}
COSTS = {"mia", "mara", "max", "fin", "sven"}
IMPORTERS = {"mia", "mara", "sven", "max", "ada"}
HOURS = {"mara", "sven", "max", "ada"}

# Without signing in: machines that ask how it goes, the way in, and files of the look.
PUBLIC = {"healthz", "readyz", "metrics", "asset", "api_schema", "api_docs", "api_unknown"}

# address: (who may look, who may act); None: there is nothing to look at, or nothing to do
DOORS: dict[str, tuple[set[str] | None, set[str] | None]] = {
    "first_page": (EVERYONE, None), "rail_counts": (EVERYONE, None), "search": (EVERYONE, None),
    "settings": (EVERYONE, None), "settings_me": (EVERYONE, EVERYONE), "settings_company": (ADMINISTRATOR, ADMINISTRATOR),
    "settings_people": (EVERYONE, None), "settings_invite": (ADMINISTRATOR, ADMINISTRATOR), "settings_person": (ADMINISTRATOR, ADMINISTRATOR),
    "settings_deactivate": (None, ADMINISTRATOR), "settings_activate": (None, ADMINISTRATOR), "settings_reinvite": (None, ADMINISTRATOR),
    "settings_new_team": (ADMINISTRATOR, ADMINISTRATOR), "settings_team": (ADMINISTRATOR, ADMINISTRATOR), "settings_absences": (EVERYONE, EVERYONE),
    "settings_own_week": (EVERYONE, EVERYONE), "settings_own_week_of": ({"sonia", "sven", "max", "ada"}, {"sonia", "sven", "max", "ada"}),
    "settings_remove_absence": (None, {"sam", "sven", "max", "ada"}), "settings_tokens": (EVERYONE, EVERYONE), "settings_revoke_token": (None, {"sam"}),
    # leads
    "leads:list": (EVERYONE, None), "leads:export": (EVERYONE, None), "leads:new": (TEAMS, TEAMS), "leads:hint": (None, TEAMS), "leads:detail": (EVERYONE, None),
    "leads:erase": ({"max", "ada"}, {"max", "ada"}), "leads:edit": (TEAMS, TEAMS), "leads:log": (None, TEAMS), "leads:history": (EVERYONE, None), "leads:undo": (None, {"sam"}),
    "leads:new_view": (EVERYONE, EVERYONE), "leads:change_view": ({"sam"}, {"sam"}), "leads:save_view": (None, {"sam"}), "leads:delete_view": (None, {"sam"}),
    "leads:sources": (EVERYONE, COSTS), "leads:source": (COSTS, COSTS), "leads:campaigns": (EVERYONE, None), "leads:new_campaign": (COSTS, COSTS), "leads:campaign": (COSTS, COSTS),
    "leads:import": (EVERYONE, None), "leads:import_upload": (None, IMPORTERS), "leads:import_result": (EVERYONE, None), "leads:import_columns": (IMPORTERS, IMPORTERS),
    "leads:import_check": (EVERYONE, None), "leads:import_start": (None, IMPORTERS), "leads:import_resume": (None, IMPORTERS), "leads:import_discard": (None, IMPORTERS),
    "leads:import_rejected": (EVERYONE, None), "leads:import_warned": (EVERYONE, None),
    "leads:qualify_list": (EVERYONE, None), "leads:qualify": (EVERYONE, None), "leads:judge": (None, MARKETING), "leads:mark_sales_ready": (None, MARKETING),
    "leads:hand_over": (None, MARKETING), "leads:mark_qualified": (None, MARKETING), "leads:nurture": (None, MARKETING), "leads:discard": (None, MARKETING),
    "leads:criteria": (EVERYONE, None), "leads:draft_criteria": (None, LEADERS), "leads:criteria_version": (EVERYONE, None), "leads:describe_criteria": (None, LEADERS),
    "leads:propose_criteria": (None, LEADERS), "leads:withdraw_criteria": (None, LEADERS), "leads:discard_criteria": (None, LEADERS), "leads:approve_criteria": (None, LEADERS),
    "leads:add_criterion": (LEADERS, LEADERS), "leads:change_criterion": (LEADERS, LEADERS), "leads:remove_criterion": (None, LEADERS),
    "leads:move_criterion_up": (None, LEADERS), "leads:move_criterion_down": (None, LEADERS),
    # hand-offs
    "handoff:list": (EVERYONE, None), "handoff:detail": (EVERYONE, None), "handoff:accept": (None, REP), "handoff:claim": (None, SALES), "handoff:return": (REP, REP),
    "handoff:ask": (REP, REP), "handoff:reply": (MARKETING, MARKETING), "handoff:reassign": (SALES_LEADERS, SALES_LEADERS), "handoff:send": (MARKETING, MARKETING),
    "handoff:sent": (EVERYONE, None), "handoff:prepared": (EVERYONE, None), "handoff:claims_report": (EVERYONE, None),
    "handoff:claim_cases": (EVERYONE, None), "handoff:claims": (EVERYONE, REP), "handoff:contest": (MARKETING, MARKETING), "handoff:decide": (LEADERS, LEADERS), "handoff:keep_draft": (None, MARKETING), "handoff:preview": (None, MARKETING), "handoff:templates": (EVERYONE, None), "handoff:new_template": (MARKETING, MARKETING),
    "handoff:template": (MARKETING, MARKETING), "handoff:retire_template": (None, MARKETING),
    "handoff:call_sheet": (EVERYONE, None), "handoff:open_call_sheet": (None, EVERYONE), "handoff:log_contact": (REP, REP), "handoff:next_step": (REP, REP),
    "handoff:open_opportunity": (REP, REP), "handoff:win": (REP, REP), "handoff:lose": (REP, REP), "handoff:disqualify": (REP, REP), "handoff:recycle": (REP, REP),
    "handoff:pool": (EVERYONE, None), "handoff:pool_next": (None, SALES), "handoff:skip": (SALES, SALES), "handoff:capacity": (EVERYONE, None),
    "handoff:say": (TEAMS, TEAMS), "handoff:take_back": (None, {"sam"}), "handoff:coffee": (TEAMS, TEAMS), "handoff:coffee_agree": ({"mia", "sam"}, {"mia", "sam"}),
    "handoff:coffee_others": ({"mia", "sam"}, {"mia", "sam"}), "handoff:coffee_cancel": (None, {"mia", "sam"}), "handoff:coffee_file": ({"mia", "sam"}, None),
    "handoff:coffee_invite_again": (None, {"mia", "sam"}), "handoff:retry_invitations": (None, ADMINISTRATOR),
    "handoff:routing": (EVERYONE, None), "handoff:routing_dry_run": (EVERYONE, None), "handoff:routing_add": (SALES_LEADERS, SALES_LEADERS),
    "handoff:routing_change": (SALES_LEADERS, SALES_LEADERS), "handoff:routing_remove": (None, SALES_LEADERS), "handoff:routing_up": (None, SALES_LEADERS),
    "handoff:routing_down": (None, SALES_LEADERS),
    # agreement, clocks, queue
    "sla:queue": (EVERYONE, None), "sla:queue_call_sheets": (EVERYONE, None), "sla:queue_row": (EVERYONE, None),
    "sla:queue_bulk": (SALES, SALES), "sla:queue_accept": (None, REP), "sla:queue_contact": (REP, REP), "sla:queue_next_step": (REP, REP), "sla:agreement": (EVERYONE, None), "sla:compare": (EVERYONE, None), "sla:draft": (None, LEADERS),
    "sla:version": (EVERYONE, None), "sla:edit_draft": (LEADERS, LEADERS), "sla:propose": (None, LEADERS), "sla:sign": (LEADERS - {"sven"}, LEADERS - {"sven"}),
    "sla:withdraw": (None, LEADERS), "sla:discard_draft": (None, LEADERS), "sla:enter_value": (None, TEAMS),
    "sla:scorecard": (EVERYONE, None), "sla:scorecard_export": (EVERYONE, None), "sla:check_scorecard": (None, TEAMS), "sla:scorecard_cases": (EVERYONE, None),
    "sla:restatement": (EVERYONE, None), "sla:values": (EVERYONE, None),
    "sla:clock": (EVERYONE, None), "sla:take_up": (None, SALES | {"mara"}), "sla:notices": (EVERYONE, None),
    "sla:first": (LEADERS, LEADERS), "sla:first_promises": (LEADERS, LEADERS), "sla:contract": (EVERYONE, None), "sla:contract_style": (EVERYONE, None),
    "sla:calculator": (EVERYONE, None), "sla:put_into_proposal": (None, LEADERS),
    "sla:recompute": (EVERYONE, HOURS), "sla:recompute_run": (EVERYONE, None), "sla:confirm_recompute": (None, HOURS),
    "handoff:late_contact": (REP, REP), "handoff:duplicate": (REP, REP),
    "sla:pause": (REP, REP), "sla:resume": (None, REP), "sla:change_class": (REP | {"mara"}, REP | {"mara"}), "sla:dispute": (TEAMS, TEAMS),
    "sla:void": ({"mara", "max"}, {"mara", "max"}), "sla:disputes": (EVERYONE, None), "sla:answer_dispute": ({"mara", "max"}, {"mara", "max"}),
    "sla:what_if": (EVERYONE, None), "sla:ask_what_if": (None, LEADERS), "sla:what_if_cases": (EVERYONE, None),
    "sla:read_all_notices": (None, EVERYONE), "sla:retry_mails": (None, ADMINISTRATOR), "sla:read_notice": (None, NOBODY),
    "sla:working_hours": (EVERYONE, None), "sla:new_hours": (HOURS, HOURS), "sla:hours": (HOURS, HOURS),
    "sla:wishes": (EVERYONE, EVERYONE), "sla:health": (ADMINISTRATOR, None), "sla:connections": (ADMINISTRATOR, ADMINISTRATOR), "sla:connection": (ADMINISTRATOR, None),
    "sla:try_connection": (None, ADMINISTRATOR), "sla:pause_connection": (None, ADMINISTRATOR), "sla:go_on_connection": (None, ADMINISTRATOR),
    "sla:remove_connection": (None, ADMINISTRATOR),
    "dashboard:dashboard": (EVERYONE, None), "dashboard:export": (EVERYONE, None), "dashboard:cases": (EVERYONE, None),
    "dashboard:glossary": (EVERYONE, None), "dashboard:shoes": (EVERYONE, None), "dashboard:hide_first_steps": (None, EVERYONE), "dashboard:show_first_steps": (None, EVERYONE),
    "dashboard:first_step": (None, EVERYONE - {"mia", "sam", "sonia"}),
    # API: reading is open, acting goes by the same doors
    "api_leads": (EVERYONE, TEAMS), "api_lead": (EVERYONE, None), "api_activities": (EVERYONE, TEAMS), "api_verdict": (EVERYONE, None), "api_judgement": (None, None),
    "api_mark_sales_ready": (None, MARKETING), "api_open_opportunity": (None, REP), "api_win": (None, REP), "api_lose": (None, REP), "api_recycle": (None, REP),
    "api_disqualify": (None, REP), "api_hand_over": (None, MARKETING), "api_handoffs": (EVERYONE, None), "api_handoff": (EVERYONE, None), "api_handoff_accept": (None, REP),
    "api_handoff_claim": (None, SALES), "api_handoff_return": (None, REP), "api_handoff_ask": (None, REP), "api_handoff_answer": (None, MARKETING),
    "api_handoff_contact": (None, REP), "api_pool_next": (None, SALES), "api_pool_skip": (None, SALES), "api_capacity": (EVERYONE, None),
    "api_routing_dry_run": (EVERYONE, None), "api_messages": (EVERYONE, TEAMS), "api_clocks": (EVERYONE, None), "api_clock": (EVERYONE, None), "api_clock_pause": (None, REP), "api_clock_resume": (None, REP),
    "api_clock_dispute": (None, TEAMS), "api_clock_void": (None, {"mara", "max"}), "api_disputes": (EVERYONE, None), "api_dispute_answer": (None, {"mara", "max"}), "api_handoff_duplicate": (None, REP),
    "api_clock_explain": (EVERYONE, None), "api_agreements": (EVERYONE, None),
    "api_brief_draft": (MARKETING, None), "api_handoff_returns": (EVERYONE, None), "api_handoff_contest": (None, MARKETING), "api_handoff_decide": (None, LEADERS),
    "api_handoff_claims": (EVERYONE, REP), "api_claim_precision": (EVERYONE, None), "api_acts": (EVERYONE, None), "api_undo": (None, {"sam"}),
    "api_agreement_current": (EVERYONE, None), "api_agreement_what_if": (None, LEADERS), "api_funnel": (EVERYONE, None), "api_promises": (EVERYONE, None),
    "api_scorecard": (EVERYONE, None), "api_own_number": (None, None),
}  # fmt: skip
REFUSED = (403, 404)


BACKEND = "django.contrib.auth.backends.ModelBackend"
JSON, FORM = "application/json", MULTIPART_CONTENT


def routes(patterns, prefix="", namespace="") -> dict[str, str]:
    """Name -> route of every address but those of allauth, which brings its own doors."""
    found = {}
    for pattern in patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            found |= routes(
                pattern.url_patterns,
                route,
                f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace,
            )
        elif not route.startswith("accounts/"):
            found[f"{namespace}{pattern.name}"] = route
    return found


ROUTES = routes(get_resolver().url_patterns)


def test_every_address_has_a_line_here():
    assert set(ROUTES) == set(DOORS) | PUBLIC


@pytest.fixture
def world(client, mia, mara, sam, sonia, sven, max, fin, ada):
    """One of everything that an address can name."""
    now = timezone.now()
    draft_from = AgreementFactory()
    draft = Agreement.draft_from(draft_from, by=mara, at=now)
    own = Term.objects.create(
        agreement=draft, kind="OWN", key="own-term", label="Demos", side="JOINT", target_amount=3
    )
    criteria = CriteriaSetFactory(in_force=False)
    handed, called = (LeadFactory(stage=Stage.SQL, captured_at=now, sql_at=now) for _ in range(2))
    handoff, contacted = (
        Handoff.send(lead, brief={item["key"]: "x" for item in BRIEF}, to=sam, by=mia, at=now)
        for lead in (handed, called)
    )
    contacted.log_contact("CALL", "SPOKE", by=sam, at=now)
    waiting = LeadFactory(stage=Stage.MQL, captured_at=now, mql_at=now)
    client.force_login(mia, backend=BACKEND)
    client.post(
        "/import/upload/",
        {"file": SimpleUploadedFile("leads.csv", b"E-mail,Name\nnoor@vandersteen.example,Noor\n")},
    )
    client.logout()
    batch = ImportBatch.objects.get()
    known = {
        "lead_id": called.pk, "handoff_id": handoff.pk, "agreement_id": draft.pk, "side": "marketing", "term_id": own.pk, "clock_id": Clock.objects.first().pk,
        "notice_id": 999_999, "connection_id": Connection.objects.create(name="#sales", kind="SLACK", host="x", sealed_address=seal("https://127.0.0.1/x"), created_at=now).pk, "calendar_id": Calendar.objects.first().pk, "person_id": sonia.pk, "team_id": sam.team_id, "source_id": called.source_id,
        "absence_id": Absence.objects.create(user=sam, starts_at=now, ends_at=now + timedelta(days=1)).pk, "campaign_id": CampaignFactory().pk,
        "token_key": ApiToken.objects.create(user=sam, name="his")[0].token_key, "version": criteria.version, "batch_id": batch.pk, "what": "funnel", "field": "email",
        "key": "sqls_delivered", "view_id": SavedView.objects.create(page="QUEUE", name="Late", query="due=late", owner=sam, saved_at=now).pk,
        "message_id": talking.write(handoff, "Call today", by=sam, at=now).pk, "rule_id": RoutingRule.objects.create(position=1, made_at=now).pk,
        "coffee_id": coffee.propose(handoff, [now + timedelta(days=1)], by=sam, at=now).pk,
        "restatement_id": RestatementFactory(agreement=draft_from).pk,
        "template_id": BriefTemplate.objects.create(name="For all", changed_at=now).pk,
        "recompute_id": Recompute.objects.create(scope="HOURS", asked_by=mara, asked_at=now, touched_at=now).pk,
        "dispute_id": Dispute.objects.create(clock=Clock.objects.last(), side="SALES", reason="x", raised_by=sam, raised_at=now).pk,
    }  # fmt: skip
    people = {
        "mia": mia,
        "mara": mara,
        "sam": sam,
        "sonia": sonia,
        "sven": sven,
        "max": max,
        "fin": fin,
        "ada": ada,
    }
    return people, known, waiting, criteria.criteria.first()


def address(name, world) -> str:
    _, known, waiting, criterion = world
    kwargs = {parameter: known[parameter] for parameter in re.findall(r"<\w+:(\w+)>", ROUTES[name])}
    if ROUTES[name].startswith("qualify/<"):
        kwargs["lead_id"] = waiting.pk
    if ROUTES[name].startswith("criteria/") and "key" in kwargs:
        kwargs["key"] = criterion.key
    if name == "dashboard:first_step":
        kwargs["key"] = "figures"  # of those who lead or count
    if name in ("leads:undo", "api_undo"):
        kwargs["key"] = Act.objects.get(by__first_name="Sam").key
    return reverse(name, kwargs=kwargs)


def digest() -> str:
    """Everything that the business keeps, in a few numbers: rows and their sum per table. Sessions and logs may move."""
    tables = [
        model._meta.db_table
        for content_type in ContentType.objects.filter(
            app_label__in=["accounts", "api", "leads", "handoff", "sla"]
        )
        if (model := content_type.model_class()) and model._meta.managed
    ]
    with connection.cursor() as cursor:
        sums = " UNION ALL ".join(
            f"SELECT '{table}', count(*), sum(hashtext((to_jsonb(t) - 'last_login')::text)::bigint) FROM {table} t"
            for table in sorted(tables)
        )
        cursor.execute(sums)
        return str(cursor.fetchall())


@pytest.mark.parametrize("name", sorted(name for name, (readers, _) in DOORS.items() if readers is not None))
def test_who_may_look(client, world, name):
    readers, url = DOORS[name][0], address(name, world)
    for role, person in world[0].items():
        client.force_login(person, backend=BACKEND)
        status = client.get(url).status_code
        assert (status not in REFUSED) == (role in readers), (name, role, status)
        assert status < 500, (name, role)


@pytest.mark.parametrize("name", sorted(name for name, (_, actors) in DOORS.items() if actors is not None))
def test_who_may_act(client, world, name):
    actors, url = DOORS[name][1], address(name, world)
    before = digest()
    for role, person in world[0].items():
        if role not in actors:
            client.force_login(person, backend=BACKEND)
            status = client.post(url, {}, content_type=JSON if name.startswith("api_") else FORM).status_code
            assert status in REFUSED, (name, role, status)
    assert digest() == before, name
    for role, person in world[0].items():
        if role in actors:
            client.force_login(person, backend=BACKEND)
            with transaction.atomic():
                status = client.post(
                    url, {}, content_type=JSON if name.startswith("api_") else FORM
                ).status_code
                transaction.set_rollback(True)
            assert status not in REFUSED, (name, role, status)
            assert status < 500, (name, role)


@pytest.mark.parametrize("name", sorted(DOORS))
def test_looking_changes_nothing_and_nobody_looks_without_signing_in(client, world, name):
    url, before = address(name, world), digest()

    assert client.get(url).status_code in (302, 401)
    assert client.post(url).status_code in (302, 401)
    client.force_login(world[0]["max"], backend=BACKEND)
    client.get(url)
    client.head(url)

    assert digest() == before
