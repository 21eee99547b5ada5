"""Have a coffee: times are proposed, one is agreed, both get a calendar entry; a change has the same UID and a higher SEQUENCE."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from icalendar import Calendar

from handoff.conversation import coffee, inviting
from handoff.conversation.coffee import CoffeeMoved, NobodyToTalkTo, TimesNeeded
from handoff.conversation.forms import AgreeForm
from handoff.models import Coffee, CoffeeState, Invitation
from sla.models import Notice, NoticeKind
from tests.conftest import AMSTERDAM, TUESDAY_NOON
from tests.handoff.moments import TUESDAY_ONE

WEDNESDAY_TEN = datetime(2026, 11, 25, 10, 0, tzinfo=AMSTERDAM)
THURSDAY_TEN = WEDNESDAY_TEN + timedelta(days=1)
A_MINUTE = timedelta(minutes=1)


class Broken(EmailBackend):
    """A mail server that is not there."""

    def send_messages(self, messages):
        raise ConnectionRefusedError


@pytest.fixture
def proposed(handoff, mia):
    return coffee.propose(handoff, [THURSDAY_TEN, WEDNESDAY_TEN], minutes=30, by=mia, at=TUESDAY_NOON)


@pytest.fixture
def agreed(proposed, sam):
    return coffee.agree(proposed, WEDNESDAY_TEN, by=sam, at=TUESDAY_ONE)


def entries():
    """The calendar entries that were mailed, with their recipients."""
    found = []
    for message in mail.outbox:
        [(name, content, kind)] = message.attachments
        calendar = Calendar.from_ical(content)
        [event] = calendar.walk("VEVENT")
        found.append((message.to[0], calendar, event, kind, name))
    return found


def test_the_other_side_is_asked(proposed, sam):
    assert (proposed.invitee, proposed.state) == (sam, CoffeeState.PROPOSED)
    assert proposed.moments == [WEDNESDAY_TEN, THURSDAY_TEN]
    assert Notice.objects.filter(recipient=sam, kind=NoticeKind.COFFEE).exists()


def test_sales_asks_the_sender(handoff, sam, mia):
    assert coffee.propose(handoff, [WEDNESDAY_TEN], by=sam, at=TUESDAY_NOON).invitee == mia


def test_in_the_pool_there_is_nobody_to_ask(pooled, mia):
    with pytest.raises(NobodyToTalkTo):
        coffee.propose(pooled, [WEDNESDAY_TEN], by=mia, at=TUESDAY_NOON)


@pytest.mark.parametrize(
    "times",
    [[], [TUESDAY_NOON], [TUESDAY_NOON - A_MINUTE], [WEDNESDAY_TEN + n * A_MINUTE for n in range(4)]],
)
def test_one_to_three_times_that_lie_ahead(handoff, mia, times):
    with pytest.raises(TimesNeeded):
        coffee.propose(handoff, times, by=mia, at=TUESDAY_NOON)


def test_one_proposal_at_a_time(proposed, handoff, sam):
    with pytest.raises(CoffeeMoved, match="Proposed"):
        coffee.propose(handoff, [THURSDAY_TEN], by=sam, at=TUESDAY_NOON)


def test_after_an_agreed_one_is_over_there_can_be_another(agreed, handoff, mia):
    later = WEDNESDAY_TEN + timedelta(hours=1)

    assert coffee.standing(handoff, at=later) is None
    assert coffee.propose(handoff, [THURSDAY_TEN], by=mia, at=later)


def test_only_who_was_asked_agrees_and_only_to_what_was_proposed(proposed, mia, sam):
    with pytest.raises(CoffeeMoved):
        coffee.agree(proposed, WEDNESDAY_TEN, by=mia, at=TUESDAY_ONE)
    with pytest.raises(TimesNeeded):
        coffee.agree(proposed, WEDNESDAY_TEN + A_MINUTE, by=sam, at=TUESDAY_ONE)

    assert Coffee.objects.get().is_proposed


def test_agreeing_twice_invites_once(agreed, sam):
    with pytest.raises(CoffeeMoved, match="Agreed"):
        coffee.agree(agreed, THURSDAY_TEN, by=sam, at=TUESDAY_ONE)

    assert Invitation.objects.count() == 2


def test_both_get_the_same_calendar_entry(agreed, mia, sam):
    assert inviting.send_waiting(TUESDAY_ONE) == 2

    sent = entries()
    assert sorted(recipient for recipient, *_ in sent) == [mia.email, sam.email]
    for _, calendar, event, kind, name in sent:
        assert (str(calendar["METHOD"]), kind, name) == (
            "REQUEST",
            "text/calendar; method=REQUEST",
            "coffee.ics",
        )
        assert event.decoded("DTSTART") == WEDNESDAY_TEN
        assert event.decoded("DTEND") == WEDNESDAY_TEN + timedelta(minutes=30)
        assert int(event["SEQUENCE"]) == 0
        assert str(event["STATUS"]) == "CONFIRMED"
        assert str(event["ORGANIZER"]) == f"mailto:{mia.email}"
        assert {str(person) for person in event["ATTENDEE"]} == {f"mailto:{mia.email}", f"mailto:{sam.email}"}
    assert len({str(event["UID"]) for _, _, event, _, _ in sent}) == 1


def test_the_lead_is_not_named_in_it(agreed, handoff):
    inviting.send_waiting(TUESDAY_ONE)

    for message in mail.outbox:
        said = message.subject + message.body + message.attachments[0][1]
        assert handoff.lead.contact.last_name not in said
        assert f"/handoffs/{handoff.pk}/" in said


def test_cancelling_takes_it_out_of_both_calendars(agreed, sam):
    inviting.send_waiting(TUESDAY_ONE)
    uid = entries()[0][2]["UID"]
    mail.outbox.clear()

    coffee.cancel(agreed, by=sam, at=TUESDAY_ONE + A_MINUTE)
    inviting.send_waiting(TUESDAY_ONE + A_MINUTE)

    sent = entries()
    assert len(sent) == 2
    for _, calendar, event, _, _ in sent:
        assert str(calendar["METHOD"]) == "CANCEL"
        assert (event["UID"], int(event["SEQUENCE"]), str(event["STATUS"])) == (uid, 1, "CANCELLED")


def test_cancelling_a_proposal_mails_nobody(proposed, mia):
    coffee.cancel(proposed, by=mia, at=TUESDAY_ONE)

    assert not Invitation.objects.exists()
    with pytest.raises(CoffeeMoved, match="Cancelled"):
        coffee.cancel(proposed, by=mia, at=TUESDAY_ONE)


def test_proposing_other_times_turns_the_question_round(proposed, handoff, mia, sam):
    fresh = coffee.propose_others(proposed, [THURSDAY_TEN], by=sam, at=TUESDAY_ONE)

    assert Coffee.objects.get(pk=proposed.pk).state == CoffeeState.REPLACED
    assert (fresh.proposer, fresh.invitee, fresh.minutes) == (sam, mia, 30)
    assert coffee.standing(handoff, at=TUESDAY_ONE) == fresh


def test_sending_twice_sends_once(agreed):
    inviting.send_waiting(TUESDAY_ONE)

    assert inviting.send_waiting(TUESDAY_ONE + timedelta(hours=1)) == 0
    assert len(mail.outbox) == 2


def test_three_failed_tries_set_it_aside(agreed, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    at = TUESDAY_ONE
    for _ in range(5):
        inviting.send_waiting(at)
        at += timedelta(hours=1)

    for invitation in Invitation.objects.all():
        assert (invitation.attempts, invitation.sent_at) == (3, None)
        assert invitation.quarantined_at is not None


@pytest.fixture
def unmailed(agreed, settings):
    """Both mails failed three times; by now the mail works again."""
    works, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Broken"
    for hour in range(3):
        inviting.send_waiting(TUESDAY_ONE + timedelta(hours=hour))
    settings.EMAIL_BACKEND = works
    return agreed


def test_the_two_who_meet_see_what_was_not_mailed_and_mail_it_again(unmailed, signed_in, sam, noon):
    page = signed_in(sam).get(f"/handoffs/{unmailed.handoff_id}/").content.decode()
    assert "The invitation to Mia Smit could not be mailed." in page
    assert "Add to my calendar" in page

    signed_in(sam).post(f"/handoffs/{unmailed.handoff_id}/coffee/{unmailed.pk}/invite-again/")
    inviting.send_waiting(TUESDAY_ONE)

    assert len(mail.outbox) == 2
    assert not inviting.set_aside().exists()


def test_an_administrator_sees_what_was_not_mailed_and_tries_all_again(unmailed, signed_in, ada, noon):
    page = signed_in(ada).get("/settings/health/").content.decode()
    assert "Invitations that could not be mailed" in page
    assert "ConnectionRefusedError" in page

    signed_in(ada).post("/settings/health/invitations/")

    assert not inviting.set_aside().exists()


def test_the_same_message_at_every_try(agreed, settings):
    first = inviting._message(Invitation.objects.first())
    again = inviting._message(Invitation.objects.first())

    assert first.extra_headers["Message-ID"] == again.extra_headers["Message-ID"]


def test_each_reads_his_own_time(agreed, sam):
    sam.time_zone = "America/New_York"
    sam.save()

    inviting.send_waiting(TUESDAY_ONE)

    bodies = {message.to[0]: message.body for message in mail.outbox}
    assert "Wednesday 25 November 2026, 04:00 (EST)" in bodies[sam.email]
    assert "10:00 (CET)" in bodies[agreed.proposer.email]


# The pages


def typed(**times):
    return {f"coffee-{name}": value for name, value in times.items()}


def test_proposing_agreeing_and_downloading(signed_in, handoff, mia, sam, noon):
    client = signed_in(mia)
    client.post(f"/handoffs/{handoff.pk}/coffee/", typed(first="2026-11-25T10:00", minutes="15"))
    found = Coffee.objects.get()

    client = signed_in(sam)
    page = client.get(f"/handoffs/{handoff.pk}/").content.decode()
    assert "Mia Smit wants to talk this lead through, 15 minutes." in page
    address = f"/handoffs/{handoff.pk}/coffee/{found.pk}"
    client.post(f"{address}/agree/", {"agree-starts_at": found.moments[0].isoformat()})

    page = client.get(f"/handoffs/{handoff.pk}/").content.decode()
    assert "Wednesday 25 November, 10:00" in page
    answer = client.get(f"{address}/calendar/")
    assert answer["Content-Type"].startswith("text/calendar")
    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event.decoded("DTSTART") == WEDNESDAY_TEN


def test_times_are_read_in_the_zone_of_who_types_them(signed_in, handoff, mia, noon):
    mia.time_zone = "America/New_York"
    mia.save()

    signed_in(mia).post(f"/handoffs/{handoff.pk}/coffee/", typed(first="2026-11-25T04:00", minutes="15"))

    assert Coffee.objects.get().moments == [WEDNESDAY_TEN.astimezone(ZoneInfo("UTC"))]


def test_a_time_that_has_passed_is_refused_at_its_field(signed_in, handoff, mia, noon):
    answer = signed_in(mia).post(
        f"/handoffs/{handoff.pk}/coffee/", typed(first="2026-11-20T10:00", minutes="15")
    )

    assert answer.status_code == 422
    assert "This time has passed." in answer.content.decode()


def test_a_late_answer_hears_what_became_of_it(signed_in, proposed, handoff, mia, sam, noon):
    coffee.cancel(proposed, by=mia, at=TUESDAY_NOON)

    answer = signed_in(sam).post(
        f"/handoffs/{handoff.pk}/coffee/{proposed.pk}/agree/",
        {"agree-starts_at": proposed.moments[0].isoformat()},
    )

    assert answer.status_code == 409
    assert "This proposal has changed meanwhile: Cancelled." in answer.content.decode()


def test_a_single_time_is_chosen_already(proposed, sam):
    def chosen(now):
        return AgreeForm(proposed=proposed, person=sam, now=now).initial.get("starts_at")

    assert chosen(TUESDAY_NOON) is None
    assert datetime.fromisoformat(chosen(WEDNESDAY_TEN)) == THURSDAY_TEN
