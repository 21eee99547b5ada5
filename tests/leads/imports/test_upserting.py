"""Which lead a row is about, and what it changes there. The rules in words stand in docs/importing.md."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from leads import deals
from leads.models import (
    Activity,
    Company,
    Contact,
    ImportRow,
    Lead,
    LeadFact,
    Opportunity,
    Stage,
    StageChange,
)
from tests.conftest import TUESDAY_NOON
from tests.factories import CompanyFactory, ContactFactory, LeadFactory
from tests.leads.imports.conftest import warnings_of_last_import
from tests.leads.imports.reports import counts, history

pytestmark = pytest.mark.django_db

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


# A new lead


def test_a_row_becomes_a_lead_with_everything_it_tells(import_text, sam, mia):
    report = import_text(
        "external_id,first_name,last_name,email,phone,job_title,language,company,company_domain,company_size,industry,country,"
        "city,source,campaign,captured_at,marketer,rep,message,consent,note,fact:site_visits,fact:budget_known\n"
        "A-1,Noor,de Wit,Noor@Vandersteen.NL,020 555 01 34,Director,Dutch,Vandersteen,https://www.vandersteen.nl/over,240,"
        'Logistics,NL,Utrecht,Trade fair,Fuel Q4,2026-11-02 09:30,mia@example.com,Sam Smit,"Call me,\nplease","yes, form",met at stand,7,true\n'
    )

    assert counts(report) == (1, 0, 0, 0)
    lead = Lead.objects.select_related("contact", "company", "source", "campaign").get()
    contact, company = lead.contact, lead.company
    assert (contact.first_name, contact.last_name, contact.email) == ("Noor", "de Wit", "noor@vandersteen.nl")
    assert (contact.phone, contact.job_title, contact.language) == ("+31205550134", "Director", "nl")
    assert (contact.consent, contact.company, contact.company_name) == ("yes, form", company, "Vandersteen")
    assert (company.name, company.domain, company.size) == ("Vandersteen", "vandersteen.nl", 240)
    assert (company.industry, company.country, company.city) == ("Logistics", "NL", "Utrecht")
    assert (lead.external_id, lead.stage, lead.source.key, lead.campaign.name) == (
        "A-1",
        Stage.NEW,
        "trade_fair",
        "Fuel Q4",
    )
    assert lead.captured_at == datetime(2026, 11, 2, 9, 30, tzinfo=AMSTERDAM)
    assert (lead.owner, lead.marketer, lead.company) == (sam, mia, company)
    assert lead.facts == {"site_visits": 7, "budget_known": True}
    assert {fact.key: fact.value for fact in LeadFact.objects.all()} == lead.facts
    said = {activity.kind: activity.body for activity in Activity.objects.all()}
    assert said == {"FORM": "Call me,\nplease", "NOTE": "met at stand"}
    change = StageChange.objects.get()
    assert (change.from_stage, change.to_stage, change.changed_at) == ("", Stage.NEW, lead.captured_at)


def test_moments_become_history_in_order(import_text):
    import_text(
        "email,captured_at,mql_at,sql_at,accepted_at,contacted_at,opportunity_at,customer_at,amount,currency\n"
        "n@x.nl,2026-01-01,2026-01-02,2026-01-03,2026-01-04,2026-01-05,2026-01-06,2026-01-07,1.234,usd\n"
    )

    lead = Lead.objects.get()
    moves = list(lead.stage_changes.order_by("id").values_list("from_stage", "to_stage", "changed_at"))
    line = ["", "NEW", "MQL", "SQL", "ACCEPTED", "CONTACTED", "OPPORTUNITY", "CUSTOMER"]
    assert [(before, after) for before, after, _at in moves] == list(zip(line, line[1:], strict=False))
    assert [at.astimezone(AMSTERDAM).day for *_stages, at in moves] == [1, 2, 3, 4, 5, 6, 7]
    assert lead.customer_at == moves[-1][2]
    deal = Opportunity.objects.get()
    assert (deal.amount, deal.currency, deal.won_at, deal.opened_at) == (
        Decimal(1234),
        "USD",
        lead.customer_at,
        lead.opportunity_at,
    )
    assert warnings_of_last_import() == ["number_guessed"]


def test_a_lost_lead_keeps_moment_and_reason(import_text):
    import_text(
        "email,captured_at,opportunity_at,lost_at,reason,amount\nn@x.nl,2026-01-01,2026-01-05,2026-02-01,Price,100\n"
    )

    lead = Lead.objects.get()
    last = lead.stage_changes.order_by("id").last()
    assert (lead.stage, lead.reason, lead.closed_at) == (
        Stage.LOST,
        "Price",
        datetime(2026, 2, 1, tzinfo=AMSTERDAM),
    )
    assert (last.from_stage, last.to_stage, last.reason) == (Stage.OPPORTUNITY, Stage.LOST, "Price")
    assert Opportunity.objects.get().lost_at == lead.closed_at


def test_a_stage_without_its_date_is_dated_by_the_row(import_text):
    import_text("email,captured_at,stage\nn@x.nl,2026-01-01,Closed Won\nm@x.nl,2026-01-02,Gekwalificeerd\n")

    won = Lead.objects.get(contact__email="n@x.nl")
    assert (won.stage, won.customer_at) == (Stage.CUSTOMER, won.captured_at)
    assert Lead.objects.get(contact__email="m@x.nl").mql_at == datetime(2026, 1, 2, tzinfo=AMSTERDAM)


def test_a_row_without_capture_date_was_captured_at_its_first_date(import_text):
    import_text("email,customer_at\nn@x.nl,2026-01-07\n")

    assert Lead.objects.get().captured_at == datetime(2026, 1, 7, tzinfo=AMSTERDAM)
    assert warnings_of_last_import() == []


def test_dates_that_contradict_each_other_are_imported_and_reported(import_text):
    report = import_text("email,captured_at,customer_at\nn@x.nl,2026-01-08,2026-01-07\n")

    assert report["created"] == 1
    assert report["warning_kinds"] == {"dates_contradict": 1}
    assert Lead.objects.get().customer_at < Lead.objects.get().captured_at


def test_customer_and_lost_at_once_is_a_customer_and_reported(import_text):
    report = import_text("email,captured_at,customer_at,lost_at\nn@x.nl,2026-01-01,2026-01-07,2026-01-09\n")

    assert report["warning_kinds"] == {"won_and_lost": 1}
    assert Lead.objects.get().stage == Stage.CUSTOMER


def test_what_is_given_for_all_rows_fills_what_a_row_leaves_open(import_text):
    import_text("email,source\na@x.nl,Webinar\nb@x.nl,\n", source="Trade fair", stage="MQL")

    assert {lead.contact.email: lead.source.key for lead in Lead.objects.all()} == {
        "a@x.nl": "webinar",
        "b@x.nl": "trade_fair",
    }
    assert set(Lead.objects.values_list("stage", flat=True)) == {Stage.MQL}


def test_unknown_colleagues_are_facts_and_a_warning(import_text, sam):
    report = import_text("email,rep,marketer\nn@x.nl,Somebody Else,nobody@x.nl\n")

    assert report["created"] == 1
    assert sorted(warnings_of_last_import()) == ["unknown_marketer", "unknown_rep"]
    assert Lead.objects.get().facts == {"rep": "Somebody Else", "marketer": "nobody@x.nl"}
    assert Lead.objects.get().owner is None


def test_a_name_that_two_colleagues_have_means_neither(import_text, sam):
    from tests.factories import UserFactory

    UserFactory(first_name="Sam", last_name="Smit", team=sam.team)
    import_text("email,rep\nn@x.nl,Sam Smit\n")
    assert warnings_of_last_import() == ["unknown_rep"]


def test_who_asked_not_to_be_contacted_is_marked(import_text):
    import_text("email,consent\na@x.nl,Unsubscribed\nb@x.nl,yes\n")

    assert not Contact.objects.get(email="a@x.nl").may_be_contacted
    assert Contact.objects.get(email="b@x.nl").may_be_contacted


def test_company_facts_without_a_company_are_facts_of_the_lead(import_text):
    import_text("email,country,company_size\nn@x.nl,NL,11-50\n")

    assert Lead.objects.get().facts == {"country": "NL", "company_size": 11}
    assert not Company.objects.exists()


# A lead that is there already


def test_the_same_file_again_changes_nothing(import_text):
    text = "external_id,email,company,company_size,captured_at,mql_at,amount,message,note,fact:x\n" + "".join(
        f"A-{n},n{n}@x.nl,Company {n % 3},{n},2026-01-0{n + 1},{'2026-02-01' if n % 2 else ''},{n}00,hello {n},note,{n}\n"
        for n in range(8)
    )
    assert counts(import_text(text)) == (8, 0, 0, 0)
    before = history()

    assert counts(import_text(text)) == (0, 0, 8, 0)
    assert history() == before


def test_found_by_external_id_first(import_text):
    lead = LeadFactory(external_id="A-1", contact__email="old@x.nl")
    other = LeadFactory(contact__email="new@x.nl")

    report = import_text("external_id,email,job_title\nA-1,new@x.nl,Director\n")

    assert counts(report) == (0, 1, 0, 0)
    assert warnings_of_last_import() == ["email_taken"]
    lead.contact.refresh_from_db()
    assert (lead.contact.email, lead.contact.job_title) == ("old@x.nl", "Director")
    other.contact.refresh_from_db()
    assert other.contact.job_title != "Director"


def test_else_by_email_whatever_its_capitals(import_text):
    lead = LeadFactory(contact__email="Noor@X.nl")

    assert counts(import_text("email,first_name\nnoor@x.NL,Noor Anna\n")) == (0, 1, 0, 0)

    lead.contact.refresh_from_db()
    assert (lead.contact.first_name, lead.contact.email) == ("Noor Anna", "Noor@X.nl")


def test_else_by_phone_of_somebody_with_that_name(import_text):
    lead = LeadFactory(contact__phone="+31205550134", contact__last_name="de Wit")

    report = import_text("phone,last_name,job_title\n020-5550134,De Wit,CEO\n+31 20 555 0134,Bakker,CFO\n")

    assert counts(report) == (1, 1, 0, 0)
    lead.contact.refresh_from_db()
    assert lead.contact.job_title == "CEO"


def test_a_row_with_neither_is_known_again_only_when_it_is_the_same(import_text):
    text = "first_name,last_name,company\nNoor,de Wit,Vandersteen\n"
    import_text(text)

    assert counts(import_text(text)) == (0, 0, 1, 0)
    assert counts(import_text(text.replace("Vandersteen", "Other"))) == (1, 0, 0, 0)


def test_an_existing_lead_is_adopted_by_the_id_of_the_file(import_text):
    lead = LeadFactory(contact__email="n@x.nl")

    assert counts(import_text("external_id,email\nA-1,n@x.nl\n")) == (0, 1, 0, 0)

    lead.refresh_from_db()
    assert lead.external_id == "A-1"


def test_a_person_has_one_open_lead_whatever_the_ids_say(import_text):
    lead = LeadFactory(contact__email="n@x.nl", external_id="A-1")

    report = import_text("external_id,email,fact:x\nB-2,n@x.nl,1\n")

    assert counts(report) == (0, 1, 0, 0)
    assert warnings_of_last_import() == ["joined_open_lead"]
    lead.refresh_from_db()
    assert (lead.external_id, lead.facts) == ("A-1", {"x": 1})


def test_a_lead_that_ended_elsewhere_is_a_lead_of_its_own(import_text):
    LeadFactory(contact__email="n@x.nl", external_id="A-1")

    report = import_text("external_id,email,captured_at,lost_at\nB-2,n@x.nl,2025-01-01,2025-02-01\n")

    assert counts(report) == (1, 0, 0, 0)
    assert Contact.objects.count() == 1


def test_a_new_interest_of_a_customer_is_a_new_lead(import_text):
    customer = LeadFactory(
        contact__email="n@x.nl", stage=Stage.CUSTOMER, customer_at=TUESDAY_NOON, external_id="A-1"
    )

    later = import_text("email,captured_at\nn@x.nl,2026-12-01\n")
    again = import_text("email,captured_at\nn@x.nl,2026-12-01\n")

    assert (counts(later), counts(again)) == ((1, 0, 0, 0), (0, 0, 1, 0))
    assert Lead.objects.filter(contact=customer.contact).count() == 2


def test_without_a_date_a_row_about_a_customer_is_not_a_new_interest(import_text):
    LeadFactory(contact__email="n@x.nl", stage=Stage.CUSTOMER, customer_at=TUESDAY_NOON)

    assert counts(import_text("email\nn@x.nl\n")) == (0, 0, 1, 0)


def test_the_end_of_one_lead_makes_room_for_the_next(import_text):
    LeadFactory(contact__email="n@x.nl", external_id="A-1")
    text = "external_id,email,captured_at,customer_at\nA-1,n@x.nl,2026-11-23 09:30,2026-11-30\nB-2,n@x.nl,2026-12-01,\n"

    assert counts(import_text(text)) == (1, 1, 0, 0)
    assert counts(import_text(text)) == (0, 0, 2, 0)


def test_empty_cells_take_nothing_away_and_the_first_source_stays(import_text):
    lead = LeadFactory(contact__email="n@x.nl", contact__job_title="CEO", source__key="webinar")

    assert counts(import_text("email,job_title,source,campaign\nn@x.nl,,Trade fair,\n")) == (0, 0, 1, 0)

    lead.refresh_from_db()
    assert (lead.source.key, lead.contact.job_title) == ("webinar", "CEO")


def test_a_file_moves_a_lead_forward_never_back(import_text, mia):
    lead = LeadFactory(contact__email="n@x.nl", external_id="A-1")
    lead.qualify(by=mia, at=TUESDAY_NOON)
    lead.mark_sales_ready(by=mia, at=TUESDAY_NOON)

    assert counts(import_text("external_id,stage\nA-1,MQL\n")) == (0, 0, 1, 0)
    assert counts(import_text("external_id,contacted_at\nA-1,2026-12-01\n")) == (0, 1, 0, 0)

    lead.refresh_from_db()
    last = lead.stage_changes.order_by("id").last()
    assert (lead.stage, lead.accepted_at) == (Stage.CONTACTED, None)
    assert (last.from_stage, last.to_stage) == (Stage.SQL, Stage.CONTACTED)


def test_what_happened_here_is_not_redated_by_a_file(import_text, mia):
    lead = LeadFactory(contact__email="n@x.nl", external_id="A-1")
    lead.qualify(by=mia, at=TUESDAY_NOON)

    report = import_text("external_id,mql_at\nA-1,2026-11-01\n")

    assert counts(report) == (0, 0, 1, 0)
    assert "date_kept" in report["warning_kinds"]
    lead.refresh_from_db()
    assert lead.mql_at == TUESDAY_NOON


def test_a_lead_that_ended_keeps_its_end(import_text, mia):
    lead = LeadFactory(external_id="A-1")
    lead.disqualify("Student", by=mia, at=TUESDAY_NOON)

    report = import_text("external_id,customer_at\nA-1,2026-12-01\n")

    assert report["warning_kinds"]["ended_otherwise"] == 1
    lead.refresh_from_db()
    assert (lead.stage, lead.customer_at) == (Stage.DISQUALIFIED, None)


def test_a_rep_keeps_a_lead_that_a_file_gives_to_another(import_text, sam, sonia):
    lead = LeadFactory(external_id="A-1", owner=sam)

    report = import_text("external_id,rep\nA-1,sonia@example.com\n")

    assert counts(report) == (0, 0, 1, 0)
    assert report["warning_kinds"] == {"rep_kept": 1}
    lead.refresh_from_db()
    assert lead.owner == sam


def test_a_recycled_lead_is_not_recycled_again_by_the_same_file(import_text, mia):
    import_text("external_id,stage,reason\nA-1,Recycled,Not now\n")
    lead = Lead.objects.get()
    assert (lead.stage, lead.reason) == (Stage.RECYCLED, "Not now")
    lead.qualify(by=mia, at=TUESDAY_NOON)

    assert counts(import_text("external_id,stage,reason\nA-1,Recycled,Not now\n")) == (0, 0, 1, 0)
    lead.refresh_from_db()
    assert lead.stage == Stage.MQL


def test_a_won_lead_wins_its_open_deal(import_text, sam):
    lead = LeadFactory(external_id="A-1", stage=Stage.CONTACTED, contacted_at=TUESDAY_NOON, owner=sam)
    deals.open_opportunity(
        lead, amount=Decimal(500), currency="EUR", expected_on=None, by=sam, at=TUESDAY_NOON
    )

    import_text("external_id,customer_at,amount\nA-1,2026-12-01,750\n")

    deal = Opportunity.objects.get()
    assert (deal.amount, deal.won_at) == (Decimal(750), datetime(2026, 12, 1, tzinfo=AMSTERDAM))


def test_an_edit_by_a_file_stands_on_the_timeline_without_values(import_text):
    LeadFactory(external_id="A-1", contact__job_title="CEO")

    import_text("external_id,job_title\nA-1,CFO\n")

    edit = Activity.objects.get(kind="EDIT")
    assert edit.details["fields"] == ["job_title"]
    assert "CFO" not in str(edit.details)


def test_the_version_counts_on_so_that_an_open_form_notices(import_text):
    lead = LeadFactory(external_id="A-1")
    version = lead.version

    import_text("external_id,fact:x\nA-1,1\n")

    lead.refresh_from_db()
    assert lead.version == version + 1


# Companies


def test_a_company_is_found_by_web_domain_else_by_name(import_text):
    by_domain = CompanyFactory(name="Vandersteen Logistics", domain="Vandersteen.nl", size=None)
    by_name = CompanyFactory(name="Smit BV", domain="", country="")

    import_text(
        "email,company,company_domain,company_size,country\nn@x.nl,VDS,www.vandersteen.nl,240,\nj@x.nl,SMIT bv,smit.nl,,NL\n"
    )

    assert Company.objects.count() == 2
    by_domain.refresh_from_db()
    by_name.refresh_from_db()
    assert (by_domain.name, by_domain.size) == ("Vandersteen Logistics", 240)
    assert (by_name.domain, by_name.country) == ("smit.nl", "NL")


def test_the_same_name_at_another_domain_is_another_company(import_text):
    import_text("email,company,company_domain\na@x.nl,Acme,acme.nl\nb@x.nl,Acme,acme.de\nc@x.nl,Acme,\n")

    assert sorted(Company.objects.values_list("domain", flat=True)) == ["acme.de", "acme.nl"]


def test_a_change_of_the_company_is_a_change_of_its_rows(import_text):
    text = "email,company,company_size\na@x.nl,Acme,{0}\nb@x.nl,Acme,{0}\n"
    import_text(text.format(10))

    assert counts(import_text(text.format(20))) == (0, 2, 0, 0)
    assert counts(import_text(text.format(20))) == (0, 0, 2, 0)


# Several rows about one person


def test_several_rows_about_one_lead_are_folded_and_the_last_word_wins(import_text):
    text = "external_id,email,job_title,city,company,fact:a,fact:b\nA-1,n@x.nl,CEO,Utrecht,Acme,1,1\nA-1,,CFO,,,2,\n"

    assert counts(import_text(text)) == (1, 1, 0, 0)

    lead = Lead.objects.get()
    assert (lead.contact.job_title, lead.facts, lead.company.city) == ("CFO", {"a": 2, "b": 1}, "Utrecht")
    assert counts(import_text(text)) == (0, 0, 2, 0)


def test_rows_that_are_connected_only_by_a_third_are_one_person(import_text):
    text = "external_id,email,first_name\nA-1,,Noor\n,n@x.nl,Noor\nA-1,n@x.nl,Noor\n"

    import_text(text)

    assert (Contact.objects.count(), Lead.objects.count()) == (1, 1)
    assert counts(import_text(text)) == (0, 0, 3, 0)


def test_two_people_who_share_a_phone_stay_two(import_text):
    import_text("email,phone\na@x.nl,020 5550134\nb@x.nl,020 5550134\n")
    assert Contact.objects.count() == 2


def test_every_row_has_its_outcome_and_its_lead(import_text):
    import_text("email\na@x.nl\nnot an address\na@x.nl\n")

    rows = list(ImportRow.objects.order_by("row_no").values_list("row_no", "outcome", "lead_id"))
    lead = Lead.objects.get()
    assert rows == [(2, "CREATED", lead.pk), (3, "REJECTED", None), (4, "UPDATED", lead.pk)]


def test_a_contact_with_two_leads_is_one_person(import_text):
    contact = ContactFactory(email="n@x.nl")
    LeadFactory(contact=contact, external_id="A-1", stage=Stage.CUSTOMER, customer_at=TUESDAY_NOON)
    LeadFactory(contact=contact, external_id="A-2")
    text = "external_id,job_title\nA-1,CEO\nA-2,CFO\n"

    import_text(text)

    contact.refresh_from_db()
    assert contact.job_title == "CFO"
    assert counts(import_text(text)) == (0, 0, 2, 0)
