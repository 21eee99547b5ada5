"""A person is erased: nothing tells any more who it was, every figure stays."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import connection

from dashboard import funnel
from handoff import drafting, rules
from handoff.conversation import talking
from handoff.models import BriefDraft, Handoff
from leads import activities, deals, erasing, facts
from leads.criteria import judging
from leads.imports import reporting
from leads.models import (
    BatchState,
    Contact,
    Erasure,
    ErasureReason,
    ImportBatch,
    ImportRow,
    Judgement,
    Lead,
    Stage,
    StageChange,
)
from smarketing import periods
from smarketing.api.models import RememberedAnswer
from tests.conftest import TUESDAY_NOON
from tests.factories import AgreementFactory, CriteriaSetFactory, LeadFactory

CANARY = "Quetzalcoatl"  # stands in every free text, and nowhere else
LATER = TUESDAY_NOON + timedelta(hours=3)
BRIEF = {"need": f"{CANARY} needs vans", "when": f"Before {CANARY} moves"}


@pytest.fixture
def person(mia, sam) -> Contact:
    """Judged, briefed, talked about, called and an opportunity; in every text stands the name."""
    AgreementFactory()
    CriteriaSetFactory(version=1)
    an_hour, noon = timedelta(hours=1), TUESDAY_NOON
    lead = LeadFactory(
        contact__first_name=CANARY,
        contact__email=f"{CANARY.lower()}@vandersteen.example",
        stage=Stage.SQL,
        sql_at=noon - an_hour,
        external_id=f"crm-{CANARY}",
    )
    activities.log(
        lead,
        "NOTE",
        by=mia,
        at=noon,
        title=f"{CANARY} called",
        body=f"{CANARY} said yes",
        details={"from": CANARY},
    )
    facts.learn(lead, {"vehicles": 60, "hobby": CANARY}, origin="form", by=mia, at=noon)
    judging.judge(lead, "decider", "YES", f"{CANARY} signs", by=mia, at=noon)
    handoff = Handoff.send(lead, brief=BRIEF, to=sam, by=mia, at=noon)
    talking.write(handoff, f"{CANARY} prefers mail", by=mia, at=noon)
    handoff.ask(f"Who is {CANARY}?", by=sam, at=noon)
    handoff.reply(f"{CANARY} is the owner", by=mia, at=noon)
    handoff.log_contact("CALL", "SPOKE", note=f"{CANARY} is kind", by=sam, at=noon + an_hour)
    deals.open_opportunity(Lead.objects.get(pk=lead.pk), amount=Decimal(40000), by=sam, at=noon + an_hour)
    deals.lose(Lead.objects.get(pk=lead.pk), f"{CANARY} went elsewhere", by=sam, at=noon + 2 * an_hour)
    RememberedAnswer.objects.create(
        user=mia,
        key="1",
        fingerprint="x",
        body=f'{{"first_name": "{CANARY}", "last_name": "de Wit"}}',
        created_at=noon,
    )
    return Contact.objects.get(pk=lead.contact_id)


def erase(person, by):
    return erasing.erase_contact(person, by=by, reason=ErasureReason.ASKED, at=LATER)


def columns_with(word: str) -> list[str]:
    """Every column of every table in which the word stands."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and model._meta.db_table in connection.introspection.table_names(cursor):
                table = model._meta.db_table
                cursor.execute(f'SELECT 1 FROM "{table}" t WHERE t::text ILIKE %s LIMIT 1', [f"%{word}%"])
                found += [table] if cursor.fetchone() else []
    return found


def test_the_name_stands_nowhere_any_more(person, max):
    before = columns_with(CANARY)
    erase(person, max)

    assert {
        "leads_contact",
        "leads_activity",
        "leads_leadfact",
        "handoff_briefitem",
        "leads_judgement",
    } <= set(before)
    assert columns_with(CANARY) == []


def test_figures_are_as_they_were(person, max):
    month = periods.month_of(TUESDAY_NOON.date())
    before = figures(month)
    erase(person, max)

    assert figures(month) == before


def figures(month):
    return (
        funnel.by_activity(month, at=LATER),
        sorted(StageChange.objects.values_list("to_stage", "changed_at")),
        sorted(Judgement.objects.values_list("key", "answer")),
        list(Handoff.objects.values_list("state", "outcome", "first_contact_at", "attempts")),
        [bool(item.text) for item in Handoff.objects.get().brief_items.order_by("id")],
        Lead.objects.get().facts["vehicles"],
        Lead.objects.get().opportunity.amount,
    )


def test_nobody_finds_or_calls_this_person_again(person, max, sam, signed_in):
    erase(person, max)
    rep = signed_in(sam)

    assert "No leads match" in rep.get("/leads/", {"q": CANARY}).content.decode()
    assert not Contact.objects.get().may_be_contacted
    page = rep.get(f"/leads/{Lead.objects.get().pk}/").content.decode()
    assert "This person was erased on" in page
    assert rep.get(f"/leads/{Lead.objects.get().pk}/call-sheet/").status_code == 410


def test_one_fact_is_kept_and_it_names_nobody(person, max):
    erasure = erase(person, max)

    assert (erasure.erased_by, erasure.erased_at, erasure.reason) == (max, LATER, "ASKED")
    assert Contact.objects.get().erased_at == LATER


def test_a_second_time_changes_nothing(person, max, ada):
    first = erase(person, max)
    again = erasing.erase_contact(
        person, by=ada, reason=ErasureReason.BY_MISTAKE, at=LATER + timedelta(days=1)
    )

    assert again == first
    assert Erasure.objects.get().erased_by == max


def test_drafts_go_and_nothing_can_be_undone(lead_with_draft, max):
    erase(lead_with_draft.contact, max)

    assert not BriefDraft.objects.exists()
    assert not lead_with_draft.acts.exists()


@pytest.fixture
def lead_with_draft(mia):
    lead = LeadFactory(stage=Stage.SQL, sql_at=TUESDAY_NOON)
    drafting.keep(
        lead, rules.in_force(TUESDAY_NOON), texts={"why_now": CANARY}, waived={}, by=mia, at=TUESDAY_NOON
    )
    return lead


def test_the_file_that_brought_this_person_is_gone(
    person, max, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    batch = ImportBatch.objects.create(
        file_name="leads.csv",
        size=1,
        rows=1,
        created=1,
        state=BatchState.DONE,
        layout={"headers": ["Name"]},
        created_at=LATER,
        touched_at=LATER,
    )
    batch.folder.mkdir(parents=True)
    batch.original.write_text(CANARY)
    warned = [{"code": "x", "column": "Name", "value": CANARY}]
    ImportRow.objects.create(
        batch=batch, row_no=2, outcome="CREATED", lead_id=Lead.objects.get().pk, warnings=warned
    )

    with django_capture_on_commit_callbacks(execute=True):
        erase(person, max)

    assert not batch.folder.exists()
    assert ImportRow.objects.get().warnings is None
    assert list(reporting.rejected_rows(batch)) == [["Name", "Row", "Why it was refused"]]


def test_an_erased_person_is_not_written_about_again(person, max, mia, signed_in):
    erase(person, max)
    lead = Lead.objects.get()

    assert signed_in(mia).post(f"/leads/{lead.pk}/log/", {"kind": "NOTE", "body": "x"}).status_code == 403
    assert signed_in(mia).get(f"/leads/{lead.pk}/edit/").status_code == 403


def test_who_looks_is_told_what_goes_and_changes_nothing(person, ada, signed_in):
    page = signed_in(ada).get(f"/leads/{Lead.objects.get().pk}/erase/").content.decode()

    assert "What goes" in page
    assert "What stays" in page
    assert not Erasure.objects.exists()


@pytest.mark.parametrize(
    ("typed", "status"), [("", 422), ("somebody", 422), (f"  {CANARY.lower()} DE wit ", 302)]
)
def test_the_name_is_typed_to_confirm(person, max, signed_in, typed, status):
    answer = signed_in(max).post(
        f"/leads/{Lead.objects.get().pk}/erase/", {"reason": "ASKED", "typed": typed}
    )

    assert answer.status_code == status
    assert Erasure.objects.exists() is (status == 302)


def test_only_administrators_and_managers_may(person, mara, sven, signed_in):
    for colleague in (mara, sven):
        assert signed_in(colleague).get(f"/leads/{Lead.objects.get().pk}/erase/").status_code == 403
