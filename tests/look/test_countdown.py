"""The countdown in the browser says what the server would say, and trusts no clock but the server's."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from smarketing import words

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONDAY = datetime(2026, 11, 23, tzinfo=AMSTERDAM)
FRIDAY = MONDAY - timedelta(days=3)
DAYS = [FRIDAY + timedelta(days=n) for n in (0, 3, 4, 5)]  # Friday, Monday, Tuesday, Wednesday
OPEN = [
    [int((day + timedelta(hours=9)).timestamp()), int((day + timedelta(hours=17)).timestamp())]
    for day in DAYS
]

INSERT = """({due, now, segments, warn, mine}) => {
  document.getElementById("probe")?.remove();
  const box = document.createElement("div"), clock = document.createElement("due-in");
  box.id = "probe";
  Object.entries({class: "clock-chip", due, now, segments: JSON.stringify(segments), warn}).forEach(([k, v]) => clock.setAttribute(k, v));
  if (mine) clock.dataset.mine = mine;
  clock.innerHTML = '<span class="chip"><svg><use href="#state-calm"/></svg><span class="clock-chip__words"></span></span><time class="clock-chip__due"></time>';
  box.append(clock);
  document.body.prepend(box);
}"""
READ = """() => { const clock = document.querySelector("#probe due-in"); return {
  state: clock.dataset.state, words: clock.querySelector(".clock-chip__words").textContent,
  due: clock.querySelector(".clock-chip__due").textContent, label: clock.getAttribute("aria-label"),
  icon: clock.querySelector("use").getAttribute("href") } }"""


def at(day: datetime, hour: int, minute: int = 0) -> int:
    return int(day.replace(hour=hour, minute=minute).timestamp())


def shown(page, due: int, now: int, warn: int = 1800) -> dict[str, str]:
    """As it is drawn first, however busy the machine: what is exactly due is late a second afterwards."""
    insert_and_read = f"values => {{ ({INSERT})(values); return ({READ})(); }}"
    drawn = page.evaluate(insert_and_read, {"due": due, "now": now, "segments": OPEN, "warn": warn})
    return {name: text.replace("\u00a0", " ") for name, text in drawn.items()}


CASES = [
    ("enough time", at(MONDAY, 12, 20), at(MONDAY, 11), "calm", "1 h 20 m left", "12:20", "Due in 1 hour 20 minutes, at 12:20"),
    ("soon", at(MONDAY, 11, 22), at(MONDAY, 11), "soon", "22 m left", "11:22", "Due in 22 minutes, at 11:22"),
    ("late", at(MONDAY, 10, 25), at(MONDAY, 11), "late", "Late by 35 m", "10:25", "Late by 35 minutes, was due at 10:25"),
    ("exactly due", at(MONDAY, 11), at(MONDAY, 11), "soon", "< 1 m left", "11:00", "Due in less than a minute, at 11:00"),
    ("over the weekend", at(MONDAY, 9, 50), at(FRIDAY, 16, 30), "calm", "1 h 20 m left", "Mon 09:50", None),
    ("Friday 16:30 with 4 hours", at(MONDAY, 12, 30), at(FRIDAY, 16, 30), "calm", "4 h left", "Mon 12:30", None),
    ("the same on Monday at nine", at(MONDAY, 12, 30), at(MONDAY, 9), "calm", "3 h 30 m left", "12:30", None),
    ("late since Friday", at(FRIDAY, 16, 40), at(MONDAY, 9, 20), "late", "Late by 40 m", "Fri 16:40", None),
    ("closed", at(MONDAY, 9, 50), at(FRIDAY, 18), "paused", "50 m left", "paused until Mon 09:00", "50 minutes left, paused until Monday 23 November at 09:00"),
    ("a working day and more", at(MONDAY + timedelta(days=1), 11), at(MONDAY, 10), "calm", "1 d 1 h left", "Tue 11:00", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("case", "due", "now", "state", "said", "moment", "label"), CASES, ids=[case[0] for case in CASES]
)
def test_it_counts_working_time_only(gallery, open_window, case, due, now, state, said, moment, label):
    page = open_window(timezone_id="America/New_York")  # the laptop travels, the promise does not
    page.clock.install(time=datetime(2026, 11, 30, 3, 7))  # noqa: DTZ001 and its clock is a week wrong
    page.goto(gallery)

    seen = shown(page, due, now)

    assert (seen["state"], seen["words"], seen["due"], seen["icon"]) == (
        state,
        said,
        moment,
        f"#state-{state}",
    )
    assert label is None or seen["label"] == label


def test_it_turns_soon_and_late_while_the_page_is_open_and_says_so_once(gallery, browser_page):
    browser_page.clock.install()
    browser_page.goto(gallery)
    browser_page.evaluate(
        INSERT,
        {"due": at(MONDAY, 12, 20), "now": at(MONDAY, 11), "segments": OPEN, "warn": 1800, "mine": "Noor"},
    )
    assert browser_page.evaluate(READ)["state"] == "calm"

    browser_page.clock.run_for("55:00")
    assert browser_page.evaluate(READ)["state"] == "soon"
    assert browser_page.locator("#say").text_content() == "Noor is due soon"

    browser_page.clock.run_for("30:00")
    seen = browser_page.evaluate(READ)
    assert (seen["state"], seen["icon"], seen["words"].replace("\u00a0", " ")) == (
        "late",
        "#state-late",
        "Late by 5 m",
    )
    assert browser_page.locator("#say").text_content() == "Noor is late"


def test_a_swap_that_keeps_the_element_gives_it_a_new_time(gallery, browser_page):
    browser_page.goto(gallery)
    shown(browser_page, at(MONDAY, 12, 20), at(MONDAY, 11))

    browser_page.evaluate(
        "due => document.querySelector('#probe due-in').setAttribute('due', due)", at(MONDAY, 13, 20)
    )

    assert browser_page.evaluate(READ)["words"].replace("\u00a0", " ") == "2 h 20 m left"


def test_browser_and_server_use_the_same_words(gallery, browser_page):
    browser_page.goto(gallery)
    lefts = [0, 59, 60, 61 * 60, 2 * 3600, 7 * 3600 + 59 * 60, 8 * 3600, 9 * 3600 + 300, 20 * 3600]
    start = at(FRIDAY, 9)
    segments = json.dumps([[start, start + 40 * 3600]])

    for left in lefts:  # half a second from the edge: a slow machine must not cross it between the two lines
        browser_page.evaluate(
            INSERT,
            {
                "due": start + left + 0.5 * (left == 0),
                "now": start,
                "segments": json.loads(segments),
                "warn": 0,
            },
        )
        assert browser_page.evaluate(READ)["words"] == f"{words.working_duration(left)} left"
