"""The frame around every page: rooms that exist, counts of what waits, the person's taste."""

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from smarketing import shell
from smarketing.accounts.models import Density, Theme, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def counters(monkeypatch):
    """The rail with counters of this test only."""
    counters: dict = {}
    monkeypatch.setattr(shell, "_counters", counters)
    return counters


def request_of(person: User, path: str = "/"):
    request = RequestFactory().get(path)
    request.user = person
    return request


def test_a_room_that_is_not_built_is_left_out(sam, settings):
    settings.ROOT_URLCONF = "tests.look.gallery_urls"

    labels = [str(line.room.label) for line in shell.Shell(request_of(sam)).rail]
    workshop = [str(line.room.label) for line in shell.Shell(request_of(sam)).workshop]

    assert labels == ["My queue", "Hand-offs", "Leads", "Qualify", "Dashboard", "Agreement"]
    assert workshop == ["Import", "Criteria"]  # the gallery has no settings


def test_the_room_one_is_in_is_marked_and_only_that_one(sam, settings):
    settings.ROOT_URLCONF = "tests.look.gallery_urls"
    lines = shell.Shell(request_of(sam, "/qualify/4/")).rail

    assert [line.room.key for line in lines if line.is_current] == ["qualify"]


def test_the_rail_counts_what_waits_and_shows_the_worst_state(sam, settings, counters):
    settings.ROOT_URLCONF = "tests.look.gallery_urls"
    shell.count_waiting("queue", lambda user: (7, "late"))
    shell.count_waiting("handoffs", lambda user: 0)
    shell.count_waiting("qualify", lambda user: 100)

    lines = {line.room.key: line for line in shell.Shell(request_of(sam)).rail}

    assert (lines["queue"].shown_count, lines["queue"].state) == ("7", "late")
    assert lines["handoffs"].shown_count == ""
    assert lines["qualify"].shown_count == "99+"
    assert lines["dashboard"].shown_count == ""


def test_a_counter_is_asked_for_the_person_who_looks(sam, settings, counters):
    settings.ROOT_URLCONF = "tests.look.gallery_urls"
    asked = []
    shell.count_waiting("queue", lambda user: asked.append(user) or 1)

    assert shell.Shell(request_of(sam)).rail
    assert asked == [sam]


def test_a_visitor_costs_no_counting(counters):
    shell.count_waiting("queue", lambda user: pytest.fail("asked for nobody"))

    assert [line.count for line in shell.Shell(RequestFactory().get("/")).rail if line.count] == []


@pytest.mark.parametrize(
    ("theme", "written", "scheme"),
    [(Theme.AUTO, "", "light dark"), (Theme.DARK, "dark", "dark"), (Theme.LIGHT, "light", "light")],
)
def test_the_chosen_colours_are_there_before_the_first_paint(sam, signed_in, theme, written, scheme):
    User.objects.filter(pk=sam.pk).update(theme=theme)
    html = signed_in(sam).get("/accounts/2fa/").content.decode()

    assert f'class="{written}"' in html.split("<head>")[0]
    assert f'<meta name="color-scheme" content="{scheme}">' in html


def test_density_keys_and_language_follow_the_person(sam, signed_in):
    User.objects.filter(pk=sam.pk).update(density=Density.COMPACT, single_keys=False, language="nl")
    html = signed_in(sam).get("/accounts/2fa/").content.decode()

    assert '<html lang="nl"' in html
    assert 'data-density="compact"' in html
    assert 'data-keys="off"' in html
    assert 'data-tz="Europe/Amsterdam"' in html


def test_a_page_has_one_h1_one_main_and_a_way_past_the_rail(sam, signed_in):
    html = signed_in(sam).get("/accounts/2fa/").content.decode()

    assert html.count("<h1") == html.count("<main") == 1
    assert html.index('href="#main"') < html.index("<nav")
    assert 'hx-headers=\'{"X-CSRFToken": "' in html


def test_the_policy_allows_no_script_or_style_in_the_page(sam, signed_in):
    answer = signed_in(sam).get("/accounts/2fa/")

    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_the_title_is_written_once_and_used_twice():
    html = Template(
        '{% load look %}{% capture as t %}{% block title %}<b dir="auto">A & B</b>{% endblock %}{% endcapture %}[{{ t|striptags }}][{{ t }}]'
    ).render(Context())

    assert html == '[A & B][<b dir="auto">A & B</b>]'


def test_what_a_person_typed_into_a_title_stays_text():
    html = Template("{% load look %}{% capture as t %}{{ name }}{% endcapture %}[{{ t }}]").render(
        Context({"name": '<b>x</b>"'})
    )

    assert html == "[&lt;b&gt;x&lt;/b&gt;&quot;]"


def test_an_icon_alone_has_a_name_and_one_beside_words_is_silent():
    html = Template('{% load look %}{% icon "phone" %}|{% icon "phone" label=name %}').render(
        Context({"name": 'Call "Jan"'})
    )
    silent, named = html.split("|")

    assert 'aria-hidden="true"' in silent
    assert 'role="img"' in named
    assert 'aria-label="Call &quot;Jan&quot;"' in named


def test_a_poll_hears_nothing_while_the_numbers_are_true(sam, signed_in, counters):
    shell.count_waiting("leads", lambda user: (7, "late"))

    answer = signed_in(sam).get("/rail/?seen=leads.7.late", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.content) == (204, b"")


def test_a_poll_brings_new_numbers_to_their_places(sam, signed_in, counters):
    shell.count_waiting("leads", lambda user: 8)

    html = signed_in(sam).get("/rail/?seen=leads.7.late", headers={"HX-Request": "true"}).content.decode()

    assert '<span id="count-leads" class="rail__count" data-state="" hx-swap-oob="true">8</span>' in html
    assert "seen=leads.8." in html
    assert 'hx-trigger="every 30s"' in html


def test_a_page_asks_each_counter_once(sam, signed_in, counters):
    asked = []
    shell.count_waiting("leads", lambda user: asked.append(user) or 3)

    html = signed_in(sam).get("/accounts/2fa/").content.decode()

    assert len(asked) == 1
    assert 'id="count-leads" class="rail__count" data-state="">3</span>' in html


def test_the_poll_is_no_page_of_its_own(sam, signed_in):
    assert signed_in(sam).get("/rail/").status_code == 302
