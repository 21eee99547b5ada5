"""Slack, Teams and other software hear of what is due and late: signed, without a name of an outsider, tried three times, and logged."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from sla import posts
from sla.models import ChannelKind, Connection, Notice
from sla.notices import announce
from sla.sweeps import sweep
from smarketing.sealing import seal
from tests.assertions import assert_invariants_hold
from tests.listener import listening
from tests.sla.moments import on

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
LATE = on(24, "13:00") + SECOND
SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()


@pytest.fixture
def listener(settings):
    settings.OUTGOING_LOOPBACK = True
    with listening() as heard:
        yield heard


@pytest.fixture
def connect(listener):
    def make(kind="SLACK", **fields):
        return Connection.objects.create(
            **{
                "name": "#sales",
                "kind": kind,
                "topics": ["PROMISES"],
                "host": "127.0.0.1",
                "sealed_address": seal(listener.address),
                "sealed_secret": seal(SECRET),
                "created_at": on(2, "09:00"),
                **fields,
            }
        )

    return make


@pytest.fixture
def late(send, sven, sam):
    def one():
        handoff = send()
        handoff.accept(by=sam, at=on(24, "10:00"))
        return handoff

    return one


def waiting():
    return Notice.objects.filter(channel=ChannelKind.POST).order_by("id")


def test_slack_hears_in_one_message_of_everything_that_waited(listener, connect, late):
    connect()
    for _ in range(3):
        late()
    sweep(LATE)

    assert posts.deliver(LATE) == 3

    ((_, _, body),) = listener.heard
    lines = json.loads(body)["text"].split("\n")
    assert len(lines) == 3
    assert lines[0].startswith("Late: First contact · Sam Smit · http://")
    assert_invariants_hold(as_of=LATE)


def test_what_leaves_the_house_names_no_contact_and_no_company(listener, connect, late):
    for kind in ("SLACK", "TEAMS", "WEBHOOK"):
        connect(kind)
    late()
    sweep(LATE)
    posts.deliver(LATE)

    told = b"".join(body for _, _, body in listener.heard)
    assert len(listener.heard) == 3
    assert b"Noor" not in told
    assert b"Vandersteen" not in told


def test_teams_gets_a_card(listener, connect, late):
    connect("TEAMS")
    late()
    sweep(LATE)
    posts.deliver(LATE)

    card = json.loads(listener.heard[0][2])["attachments"][0]
    assert card["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert card["content"]["body"][0]["text"].startswith("Late: First contact")


def test_other_software_can_check_who_wrote_it_and_when(listener, connect, late):
    connect("WEBHOOK")
    handoff = late()
    sweep(LATE)
    posts.deliver(LATE)

    _, headers, body = listener.heard[0]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = hmac.new(b"k" * 32, signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(expected).decode()
    told = json.loads(body)
    assert (told["type"], told["handoff"], told["lead"], told["measure"]) == (
        "breached",
        handoff.pk,
        handoff.lead_id,
        "FIRST_CONTACT",
    )
    assert told["id"] == headers["webhook-id"]


def test_a_retry_carries_the_same_number(listener, connect, late):
    connect("WEBHOOK")
    late()
    sweep(LATE)
    listener.status = 503
    posts.deliver(LATE)
    listener.status = 200
    posts.deliver(LATE + timedelta(minutes=6))

    assert listener.heard[0][1]["webhook-id"] == listener.heard[1][1]["webhook-id"]
    assert posts.deliver(LATE + timedelta(minutes=30)) == 0


def test_after_three_tries_it_is_set_aside_and_only_status_and_size_are_kept(listener, connect, late):
    connect()
    late()
    sweep(LATE)
    listener.status, listener.answer = 500, b"secret of the other side"
    for minutes in (0, 6, 20):
        posts.deliver(LATE + timedelta(minutes=minutes))

    post = waiting().get()
    assert (post.attempts, post.answer_status, post.answer_size) == (3, 500, 24)
    assert post.failure == "HTTP 500"
    assert post.quarantined_at
    assert posts.deliver(LATE + timedelta(days=1)) == 0


def test_a_webhook_that_fails_uses_up_no_tries_of_those_behind_it(listener, connect, late):
    connect("WEBHOOK")
    for _ in range(3):
        late()
    sweep(LATE)
    listener.status = 500

    posts.deliver(LATE)

    assert len(listener.heard) == 1
    assert [post.attempts for post in waiting()] == [1, 0, 0]


def test_one_connection_that_fails_does_not_stop_the_others(listener, connect, late):
    connect(sealed_address=seal("http://127.0.0.1:1/closed"), name="broken")
    connect()
    late()
    sweep(LATE)

    assert posts.deliver(LATE) == 1
    assert waiting().filter(sent_at=None).get().failure.startswith("No connection")


def test_a_connection_of_one_team_hears_of_that_team_only(connect, late, marketing, sales):
    connect(team=marketing)
    ours = connect(team=sales)
    late()
    sweep(LATE)

    assert {post.connection for post in waiting()} == {ours}


def test_topics_and_pauses_are_heeded(connect, late, sam, sven):
    talk = connect(topics=["TALK"])
    connect().pause(at=LATE)
    late()
    sweep(LATE)
    assert not waiting().exists()

    announce("MENTIONED", recipients=[sam], key="mention:1", at=LATE, by=sven)
    announce("MENTIONED", recipients=[sam], key="mention:1", at=LATE, by=sven)

    assert [post.connection for post in waiting()] == [talk]


def test_what_waits_for_a_connection_that_was_removed_is_set_aside(connect, late):
    connection = connect()
    late()
    sweep(LATE)
    connection.remove(at=LATE)

    posts.deliver(LATE)

    assert waiting().get().quarantined_at
    connection.refresh_from_db()
    assert (connection.sealed_address, connection.sealed_secret) == ("", "")


def test_a_seal_that_does_not_open_is_told_and_breaks_nothing(connect, late, settings):
    connect()
    late()
    sweep(LATE)
    settings.SEALING_KEY = "another"

    assert posts.deliver(LATE) == 0
    assert "key" in waiting().get().failure


# The pages


def form(**changes):
    return {
        "name": "#sales",
        "kind": "SLACK",
        "address": "https://hooks.slack.example/services/T1/B1/very-secret",
        "topics": ["PROMISES"],
        "language": "en",
        **changes,
    }


def test_an_address_is_kept_sealed_and_never_shown(signed_in, ada):
    browser = signed_in(ada)
    answer = browser.post("/settings/connections/", form(), follow=True)

    connection = Connection.objects.get()
    assert "very-secret" not in answer.content.decode()
    assert "very-secret" not in connection.sealed_address
    assert connection.address.endswith("very-secret")
    assert "hooks.slack.example" in answer.content.decode()


def test_the_secret_of_a_webhook_is_shown_once(signed_in, ada):
    browser = signed_in(ada)
    answer = browser.post("/settings/connections/", form(kind="WEBHOOK"))

    secret = Connection.objects.get().secret
    assert secret.startswith("whsec_")
    assert secret in answer.content.decode()
    assert secret not in browser.get("/settings/connections/").content.decode()
    assert secret not in browser.get(f"/settings/connections/{Connection.objects.get().pk}/").content.decode()


@pytest.mark.parametrize(
    "address", ["http://example.com/x", "https://u:p@example.com/", "https://example.com:22/", "nonsense"]
)
def test_an_address_that_is_never_called_is_refused_when_it_is_typed(signed_in, ada, address):
    assert signed_in(ada).post("/settings/connections/", form(address=address)).status_code == 422
    assert not Connection.objects.exists()


def test_trying_it_out_says_what_came_of_it(signed_in, ada, listener, connect):
    connection, browser = connect(), signed_in(ada)

    page = browser.post(f"/settings/connections/{connection.pk}/try/", follow=True).content.decode()
    assert "It works: the message arrived." in page
    assert "200 · 4 bytes" in page

    listener.status = 404
    page = browser.post(f"/settings/connections/{connection.pk}/try/", follow=True).content.decode()
    assert "It did not arrive: HTTP 404" in page


def test_a_trial_inside_the_own_network_is_refused(signed_in, ada, connect, settings):
    connection = connect()
    settings.OUTGOING_LOOPBACK, settings.OUTGOING_PLAIN_HTTP = False, True
    Connection.objects.update(sealed_address=seal("https://169.254.169.254/latest/"))

    page = signed_in(ada).post(f"/settings/connections/{connection.pk}/try/", follow=True).content.decode()

    assert "It did not arrive: The address leads into a private network." in page


@pytest.mark.parametrize("act", ["", "try/", "pause/", "go-on/", "remove/"])
def test_whoever_may_not_save_may_not_try_either(signed_in, max, connect, act):
    connection = connect()

    assert signed_in(max).post(f"/settings/connections/{connection.pk}/{act}").status_code == 403
