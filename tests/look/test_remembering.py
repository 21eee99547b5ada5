"""What waits is counted once in five seconds for each person, and at once after the person did something."""

import pytest
from django.core.cache import cache, caches
from django.core.cache.backends.redis import RedisCache

from smarketing import remembering, shell
from smarketing.remembering import forget, remembered, remembered_if_slow
from tests.look.test_shell import request_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _five_seconds(settings, monkeypatch):
    settings.SHELL_SECONDS = 5
    monkeypatch.setattr(shell, "_counters", {})
    monkeypatch.setattr(remembering, "_resting_until", 0.0)
    cache.clear()


@pytest.fixture
def asked():
    """Who was counted for, in order."""
    asked: list = []
    shell.count_waiting("leads", lambda user: asked.append(user.pk) or len(asked))
    return asked


def leads_line(person):
    return next(line for line in shell.Shell(request_of(person)).rail if line.room.key == "leads")


def test_two_pages_in_a_row_count_once(sam, asked):
    assert [leads_line(sam).count, leads_line(sam).count] == [1, 1]
    assert asked == [sam.pk]


def test_each_person_has_numbers_of_his_own(sam, mia, asked):
    assert [leads_line(sam).count, leads_line(mia).count] == [1, 2]
    assert asked == [sam.pk, mia.pk]


def test_what_a_person_does_is_counted_at_once(sam, signed_in, asked):
    client = signed_in(sam)
    client.get("/settings/me/")
    client.get("/settings/me/")
    assert asked == [sam.pk]

    client.post("/settings/me/", {})
    client.get("/settings/me/")

    assert len(set(asked)) == 1
    assert len(asked) > 1


def test_the_poll_counts_anew_and_the_next_page_knows(sam, signed_in, asked):
    client = signed_in(sam)
    client.get("/settings/me/")

    answer = client.get("/rail/?seen=leads.1.", headers={"HX-Request": "true"})

    assert '"count-leads" class="rail__count" data-state="" hx-swap-oob="true">2<' in answer.content.decode()
    assert 'data-state="">2<' in client.get("/settings/me/").content.decode()
    assert asked == [sam.pk, sam.pk]


def test_banners_are_kept_with_the_numbers(sam, asked, monkeypatch):
    said = iter(["The sweep does not run."])
    monkeypatch.setattr(shell, "_banners", [lambda user: next(said)])

    first, second = shell.Shell(request_of(sam)).banners, shell.Shell(request_of(sam)).banners

    assert first == second == ["The sweep does not run."]


def test_a_visitor_is_told_nothing_and_kept_nowhere(asked, rf):
    assert shell.Shell(rf.get("/")).banners == []
    assert asked == []


def test_without_redis_everything_is_counted_each_time(sam, asked, monkeypatch):
    nowhere = RedisCache("redis://127.0.0.1:1/0", {"OPTIONS": {"socket_connect_timeout": 0.2}})
    monkeypatch.setattr(remembering, "cache", nowhere)

    assert [leads_line(sam).count, leads_line(sam).count] == [1, 2]


def test_a_redis_that_does_not_answer_is_not_asked_by_every_page(monkeypatch):
    tries = []

    class Gone:
        def get(self, key):
            tries.append(key)
            raise ConnectionError

        set = delete = get

    monkeypatch.setattr(remembering, "cache", Gone())

    assert [remembered("key", lambda: 7, seconds=5) for _ in range(3)] == [7, 7, 7]
    forget("key")
    assert len(tries) == 1


def test_what_took_long_is_kept_and_what_did_not_is_made_anew(monkeypatch):
    caches["process"].clear()
    made = iter(range(9))

    quick = [remembered_if_slow("quick", lambda: next(made), seconds=60, slower_than=9) for _ in range(2)]
    slow = [remembered_if_slow("slow", lambda: next(made), seconds=60, slower_than=-1) for _ in range(2)]
    never = [remembered_if_slow("never", lambda: next(made), seconds=0, slower_than=-1) for _ in range(2)]

    assert (quick, slow, never) == ([0, 1], [2, 2], [3, 4])
