"""What an agreement says beside its promises: flags, routing, signers, fingerprint, review, and how it prints."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from sla import comparing, invariants, reviewing, rules_in_words
from sla.draft_form import PromisesForm
from sla.flags_form import FlagsForm
from sla.models import Agreement, Notice, NoticeKind, NotYoursToSign, Term, TermKind
from smarketing.accounts.models import Side
from tests.factories import AgreementFactory, SourceFactory
from tests.sla.moments import TUESDAY_NOON

pytestmark = pytest.mark.django_db
REVIEW_DAY = date(2026, 12, 1)


def differences(**changed) -> dict[str, tuple[str, str]]:
    former = AgreementFactory()
    later = Agreement.draft_from(former, by=None, at=TUESDAY_NOON, **changed)
    return {each.what: (each.was, each.becomes) for each in comparing.differences(former, later)}


# In words


def test_nothing_differs_in_a_copy():
    assert differences() == {}


def test_warnings_in_words():
    changed = differences(warn_points=[{"share_left": 50}, {"minutes_left": 30}])

    assert changed["Due soon"] == (
        "25% of the time left, at least 15 m",
        "50% of the time left, at least 15 m, 30\u00a0m left",
    )


def test_the_ladder_in_words():
    rungs = [{"who": "HOLDER", "after_minutes": 0}, {"who": "MANAGERS", "after_minutes": 90}]

    assert differences(ladder=rungs)["Late"][1] == (
        "Who holds it at once; the managers of both teams after 1\u00a0h\u00a030\u00a0m of working time; "
        "whoever takes it up holds the next step for 2\u00a0h"
    )


def test_people_are_named(sam, sven):
    changed = differences(
        intake_seat=sven, routing_shares={str(sam.pk): 100}, signers={"SALES": [sven.pk]}, overflow="POOL"
    )

    assert changed["Leads that nobody holds"] == ("", "Sven Smit")
    assert changed["Who signs the next version"] == ("", "Sales: Sven Smit")
    assert changed["Routing"][1] == "Sam Smit 100%; when everybody has enough: it waits in the pool"


def test_limits_of_pauses_are_the_usual_ones_where_nothing_is_agreed():
    others = (
        "A possible duplicate is looked at: at most 8\u00a0h of working time; "
        "The lead asked for a date: at most 160\u00a0h of working time; "
    )

    assert differences(pause_limits={"MARKETING_ANSWERS": 480})["Pauses"] == (
        others + "Marketing owes an answer: at most 16\u00a0h of working time",
        others + "Marketing owes an answer: at most 8\u00a0h of working time",
    )


def test_the_form_of_a_draft_names_the_usual_limit_of_a_pause():
    form = FlagsForm(None, draft=AgreementFactory(state="DRAFT"), prefix="flags")

    assert form.fields["pause_MARKETING_ANSWERS"].help_text == "Usually 960."


def test_everything_that_is_signed_is_also_said():
    """A column that counts in the fingerprint and is not in the words would be signed unseen."""
    from sla.agreement_content import COPIED

    said = {"late_logging_hours": "contact_counts", "acknowledgement_minutes": "ladder", "overflow": "routing", "routing_shares": "routing",
            "brief_items": "brief", "hot_rule": "hot"}  # fmt: skip
    statements = rules_in_words.statements(AgreementFactory())

    assert {said.get(name, name) for name in COPIED} <= set(statements)


@pytest.mark.parametrize(
    ("kind", "fields", "sentence"),
    [
        ("MARKETING_ANSWER", {"target_seconds": 14_400, "target_share": 90}, "Answer a question or a return within 4\u00a0h, in 90%"),
        ("CONTACT_ATTEMPTS", {"target_count": 5, "min_days": 7, "target_share": 90}, "At least 5 attempts over 7 days before giving up, in 90%"),
        ("REVENUE", {"target_amount": 120_000}, "Revenue of €120,000 a month"),
        ("COST_PER_SQL", {"target_amount": 149.5}, "At most €149.50 spent per sales-ready lead"),
    ],
)  # fmt: skip
def test_each_promise_is_a_sentence(kind, fields, sentence):
    draft = AgreementFactory(state="DRAFT")
    draft.terms.filter(kind=kind).delete()
    term = draft.terms.create(kind=kind, key="x", side="JOINT", **fields)

    assert Term.objects.get(pk=term.pk).sentence == sentence
    assert term.problems() == []


@pytest.mark.parametrize("kind", TermKind.values)
def test_a_promise_without_its_numbers_says_what_it_lacks(kind):
    assert Term(kind=kind, side="JOINT", agreement=Agreement()).problems()


def test_how_it_is_measured_names_what_is_left_out():
    draft = AgreementFactory(state="DRAFT")
    term = draft.terms.get(kind=TermKind.FIRST_CONTACT_OTHER)
    term.excluded_sources = [SourceFactory(key="trade_fair").key]

    assert term.how_measured.endswith("An attempt counts. Leads from Trade fair are left out.")


# Who signs


def proposal_of(mara, **before):
    AgreementFactory(**before)
    draft = Agreement.draft_from(Agreement.objects.in_force(), by=mara, at=TUESDAY_NOON)
    draft.propose(by=mara, at=TUESDAY_NOON)
    return draft


def test_the_named_sign_the_next_version_and_nobody_else(mara, sam, sven):
    proposal = proposal_of(mara, signers={"SALES": [sam.pk]})

    with pytest.raises(NotYoursToSign, match="named"):
        proposal.sign(Side.SALES, by=sven, at=TUESDAY_NOON)
    assert proposal.sign(Side.SALES, by=sam, at=TUESDAY_NOON).side == Side.SALES


def test_a_proposal_cannot_name_its_own_signers(mara, sam):
    proposal = proposal_of(mara)
    other = Agreement.draft_from(proposal, by=mara, at=TUESDAY_NOON, signers={"SALES": [sam.pk]})
    other.propose(by=mara, at=TUESDAY_NOON)

    with pytest.raises(NotYoursToSign):
        other.sign(Side.SALES, by=sam, at=TUESDAY_NOON)


def test_when_all_who_were_named_have_left_those_who_lead_sign(mara, sam, sven):
    proposal = proposal_of(mara, signers={"SALES": [sam.pk]})
    sam.is_active = False
    sam.save()

    assert proposal.sign(Side.SALES, by=sven, at=TUESDAY_NOON)


def test_who_proposed_does_not_sign_for_the_other_side(mara, signed_in):
    proposal = proposal_of(mara, signers={"SALES": [mara.pk]})

    with pytest.raises(NotYoursToSign, match="proposed"):
        proposal.sign(Side.SALES, by=mara, at=TUESDAY_NOON)
    assert (
        "Sign for Sales"
        not in signed_in(mara).get(reverse("sla:version", args=[proposal.pk])).content.decode()
    )


# The fingerprint


def run_as_owner(sql: str) -> None:
    """What nobody can do through the product or with a plain statement: the guards look away."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def found(check, **more) -> list:
    return list(check(TUESDAY_NOON))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE sla_agreement SET ladder = '[]' WHERE version = 1",
        "UPDATE sla_agreement SET signers = '{\"SALES\": [1]}' WHERE version = 1",
        "UPDATE sla_agreement SET overflow = 'POOL' WHERE version = 1",
        "UPDATE sla_agreement SET note = 'Something else' WHERE version = 1",
        "UPDATE sla_agreement SET review_on = '2030-01-01' WHERE version = 1",
        "UPDATE sla_term SET excluded_sources = '[\"webinar\"]'",
        "UPDATE sla_term SET target_seconds = 1 WHERE kind = 'ANSWER_HANDOFF'",
        "DELETE FROM sla_term WHERE kind = 'CAPACITY'",
    ],
)
def test_a_text_that_was_changed_behind_our_back_is_found(sql):
    AgreementFactory()
    assert found(invariants.texts_that_changed) == []
    with pytest.raises(DatabaseError, match="never"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)

    run_as_owner(sql)

    assert found(invariants.texts_that_changed)


def test_a_version_taken_out_of_the_chain_is_found(mara):
    proposal_of(mara)
    assert found(invariants.broken_chain) == []

    run_as_owner("UPDATE sla_agreement SET previous_hash = '' WHERE version = 2")

    assert found(invariants.broken_chain)


def test_what_was_signed_until_0_1_stays_good(mara):
    """The first format did not know the later columns; its fingerprint is recomputed without them."""
    draft = AgreementFactory(state="DRAFT", warn_points=[{"share_left": 20}], starts_on=TUESDAY_NOON.date())
    Agreement.objects.filter(pk=draft.pk).update(content_format=1)
    draft = Agreement.objects.get(pk=draft.pk)
    draft.propose(by=mara, at=TUESDAY_NOON)

    content = Agreement.objects.get(pk=draft.pk).content()
    assert content["warn_share"] == 20
    assert not {"ladder", "warn_points", "note"} & set(content)
    assert "period" not in content["terms"][0]
    assert found(invariants.texts_that_changed) == []


# The review date


def reviewed(at) -> int:
    return reviewing.remind(at=at)


def test_when_the_review_date_comes_the_signers_hear_once(mara, sven, mia):
    agreement = AgreementFactory(review_on=REVIEW_DAY)
    assert reviewed(TUESDAY_NOON) == 0

    due = TUESDAY_NOON + timedelta(days=7)
    assert reviewed(due) > 0
    assert reviewed(due + timedelta(minutes=5)) == 0
    assert reviewed(due + timedelta(days=30)) == 0

    told = set(Notice.objects.filter(kind=NoticeKind.REVIEW_DATE).values_list("recipient_id", flat=True))
    assert {mara.pk, sven.pk, *agreement.signatures.values_list("signed_by_id", flat=True)} <= told
    assert mia.pk not in told


def test_after_an_outage_it_is_told_late_and_still_once(mara):
    AgreementFactory(review_on=REVIEW_DAY)

    assert reviewed(TUESDAY_NOON + timedelta(days=90)) > 0
    assert reviewed(TUESDAY_NOON + timedelta(days=91)) == 0


def test_a_replaced_agreement_is_not_reviewed(mara, sven):
    former = AgreementFactory(review_on=REVIEW_DAY)
    later = Agreement.draft_from(former, by=mara, at=TUESDAY_NOON, review_on=None)
    later.propose(by=mara, at=TUESDAY_NOON)
    later.sign(Side.MARKETING, by=mara, at=TUESDAY_NOON)
    later.sign(Side.SALES, by=sven, at=TUESDAY_NOON)

    assert reviewed(TUESDAY_NOON + timedelta(days=30)) == 0


# On paper


def test_as_a_contract_it_has_articles_signatures_and_its_fingerprint(signed_in, sam):
    agreement = AgreementFactory()

    page = signed_in(sam).get(reverse("sla:contract", args=[agreement.pk])).content.decode()

    assert "Article 1. What marketing promises" in page
    assert "Article 4. How it is measured" in page
    assert "Vera" in page
    assert "Victor" in page
    assert agreement.content_hash in page


def test_each_sheet_says_which_text_it_is(signed_in, sam):
    agreement = AgreementFactory()

    style = signed_in(sam).get(reverse("sla:contract_style", args=[agreement.pk]))

    assert style["Content-Type"].startswith("text/css")
    assert f"Agreement v1, {agreement.content_hash[:12]}" in style.content.decode()
    assert "counter(pages)" in style.content.decode()


def test_a_draft_on_paper_says_that_nobody_signed_it(signed_in, sam):
    draft = AgreementFactory(state="DRAFT")

    page = signed_in(sam).get(reverse("sla:contract", args=[draft.pk])).content.decode()

    assert "nobody has signed this text" in page
    assert page.count("not signed") == 2


# A quarter


def test_a_number_for_a_quarter_says_so_and_is_a_third_a_month():
    draft = AgreementFactory(state="DRAFT")
    draft.terms.filter(kind=TermKind.SQLS_DELIVERED).update(target_count=480, period="QUARTER")
    term = Term.objects.get(kind=TermKind.SQLS_DELIVERED)

    assert term.sentence == "480 sales-ready leads a quarter"
    assert term.monthly_count == 160


def test_only_what_is_counted_up_can_be_for_a_quarter():
    forms = {form.kind: form for form in PromisesForm(AgreementFactory(state="DRAFT")).terms}

    assert {kind for kind, form in forms.items() if "period" in form.fields} == {"SQLS_DELIVERED", "REVENUE"}
