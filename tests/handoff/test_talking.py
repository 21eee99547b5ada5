"""Colleagues talk under a hand-off: mentions are people, messages can be taken back for some minutes and never changed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from handoff.conversation import mentions, talking
from handoff.conversation.mentions import UnclearMention
from handoff.errors import TooLateToTakeBack, WordsNeeded
from handoff.models import Handoff, Message
from leads import timeline
from sla.models import Notice, NoticeKind
from tests.conftest import TUESDAY_NOON
from tests.factories import UserFactory
from tests.handoff.moments import TUESDAY_ELEVEN

TEN_MINUTES = timedelta(minutes=10)


@pytest.fixture
def said(handoff, mia):
    return talking.write(handoff, "She prefers mail", by=mia, at=TUESDAY_NOON)


def told(person):
    return Notice.objects.filter(recipient=person, kind=NoticeKind.MENTIONED, channel="IN_APP")


def test_who_is_chosen_is_told(handoff, mia, sam):
    talking.write(handoff, "Call her today", mention=[sam], by=mia, at=TUESDAY_NOON)

    assert told(sam).count() == 1
    assert not told(mia).exists()


@pytest.mark.parametrize("text", ["@Sam, call today", "Ask @sam smit.", "(@Sam Smit) knows", "@SAM"])
def test_who_is_named_is_told(handoff, mia, sam, text):
    message = talking.write(handoff, text, by=mia, at=TUESDAY_NOON)

    assert list(message.mentions.all()) == [sam]
    assert told(sam).exists()


@pytest.mark.parametrize("text", ["Mail her at sam@example.com", "@Samantha", "100 @ 5 euro", "no name"])
def test_what_is_no_name_is_text(handoff, mia, sam, text):
    assert not talking.write(handoff, text, by=mia, at=TUESDAY_NOON).mentions.exists()


def test_the_longest_name_that_fits_is_meant(sam, sales):
    longer = UserFactory(first_name="Sam", last_name="Smit Jansen", team=sales)

    assert mentions.mentioned_in("@Sam Smit Jansen too", [sam, longer]) == [longer]
    assert mentions.mentioned_in("@Sam Smit called", [sam, longer]) == [sam]


def test_a_name_of_two_is_asked_about(handoff, mia, sam, sales):
    UserFactory(first_name="Sam", last_name="Bos", team=sales)

    with pytest.raises(UnclearMention, match="Sam Bos, Sam Smit"):
        talking.write(handoff, "@Sam call", by=mia, at=TUESDAY_NOON)

    assert not Message.objects.exists()


def test_nobody_tells_himself(handoff, mia):
    assert not talking.write(handoff, "@Mia remember", by=mia, at=TUESDAY_NOON).mentions.exists()


def test_a_message_needs_a_word(handoff, mia):
    with pytest.raises(WordsNeeded):
        talking.write(handoff, "  \n", by=mia, at=TUESDAY_NOON)


def test_taking_back_leaves_a_line(said, mia):
    talking.take_back(said, by=mia, at=TUESDAY_NOON + TEN_MINUTES - timedelta(seconds=1))

    fresh = Message.objects.get(pk=said.pk)
    assert (fresh.text, fresh.author) == ("", mia)
    assert fresh.deleted_at is not None


def test_after_ten_minutes_it_stays(said, mia):
    with pytest.raises(TooLateToTakeBack):
        talking.take_back(said, by=mia, at=TUESDAY_NOON + TEN_MINUTES)

    assert Message.objects.get(pk=said.pk).text == "She prefers mail"


def test_nobody_takes_back_for_another(said, sam):
    with pytest.raises(TooLateToTakeBack):
        talking.take_back(said, by=sam, at=TUESDAY_NOON)


def test_a_message_has_words_or_was_taken_back(said):
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=said.pk).update(text="")


def test_the_lead_tells_the_conversation(handoff, said, mia):
    talking.write(handoff, "Never mind", by=mia, at=TUESDAY_ELEVEN)
    talking.take_back(said, by=mia, at=TUESDAY_NOON)

    titles = [entry.title for entry in timeline.page(handoff.lead, group="changes").entries]

    assert "A message was taken back" in titles
    assert "Message between colleagues" in titles


def test_reading_asks_no_more_for_more(handoff, mia, sam, django_assert_num_queries):
    for number in (1, 6):
        for _ in range(number):
            talking.write(handoff, "@Sam look", by=mia, at=TUESDAY_NOON)

        with django_assert_num_queries(2):
            [list(message.mentions.all()) for message in talking.of(handoff)]


# The pages


def say(client, handoff, **words):
    return client.post(
        f"/handoffs/{handoff.pk}/say/", {f"talk-{name}": value for name, value in words.items()}, follow=True
    )


def test_the_other_side_is_told_unless_one_chooses_otherwise(signed_in, handoff, mia, sam, noon):
    """The list begins with who has the lead."""
    client = signed_in(mia)
    page = client.get(f"/handoffs/{handoff.pk}/").content.decode()

    assert f'<option value="{sam.pk}" selected>Sam Smit</option>' in page
    say(client, handoff, text="Call before four", mention=sam.pk)
    assert told(sam).count() == 1


def test_what_is_said_stands_on_every_page_of_the_lead(signed_in, handoff, mia, sam, noon):
    say(signed_in(mia), handoff, text="She prefers mail")

    client = signed_in(sam)
    for address in (
        f"/handoffs/{handoff.pk}/",
        f"/leads/{handoff.lead_id}/",
        f"/qualify/{handoff.lead_id}/",
    ):
        assert "She prefers mail" in client.get(address).content.decode(), address


def test_on_the_page_of_a_lead_the_form_comes_when_it_is_asked_for(signed_in, handoff, mia, noon):
    client, here = signed_in(mia), f"/leads/{handoff.lead_id}/"
    way = f"/handoffs/{handoff.pk}/say/?next={here}%23conversation"

    assert f'href="{way}"' in client.get(here).text
    fragment = client.get(way, headers={"HX-Request": "true"}).text
    page = client.get(way).text

    assert fragment.startswith('<form id="say-form"') or '<form id="say-form"' in fragment[:80]
    assert "<html" not in fragment
    for shown in (fragment, page):
        assert 'name="talk-text"' in shown
        assert f'name="next" value="{here}#conversation"' in shown


def test_an_unclear_name_is_asked_about_and_nothing_is_lost(signed_in, handoff, mia, sam, sales):
    UserFactory(first_name="Sam", last_name="Bos", team=sales)

    answer = say(signed_in(mia), handoff, text="@Sam call")

    assert answer.status_code == 422
    assert "could be Sam Bos, Sam Smit" in answer.content.decode()
    assert "@Sam call" in answer.content.decode()


def test_what_is_written_is_shown_as_written(signed_in, handoff, mia):
    page = say(signed_in(mia), handoff, text="<b>bold</b>").content.decode()

    assert "&lt;b&gt;bold&lt;/b&gt;" in page


def test_one_takes_back_with_a_button(signed_in, handoff, mia, noon):
    client = signed_in(mia)
    say(client, handoff, text="Wrong lead")
    message = Message.objects.get()

    page = client.post(
        f"/handoffs/{handoff.pk}/messages/{message.pk}/take-back/", follow=True
    ).content.decode()

    assert "A message was taken back." in page
    assert "Wrong lead" not in page


def test_a_message_belongs_to_its_hand_off(signed_in, handoff, said, mia):
    other = Handoff.objects.order_by("-pk").first().pk + 1

    assert signed_in(mia).post(f"/handoffs/{other}/messages/{said.pk}/take-back/").status_code == 404
