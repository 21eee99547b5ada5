"""What surrounds every page: the rail, its counts, the person's taste. Knows addresses, not rooms.

A room that is not there (its URL name does not resolve) is left out. A room that wants a number on its line in
the rail calls `shell.count_waiting("queue", function)` when its app is ready: `function(user)` returns how many
things wait for this person, or `(how many, "late" | "soon" | "")` with the worst state among them. Keep it one
cheap query, capped at CAP + 1.

Counts and banners are kept for SHELL_SECONDS for each person; whatever the person does drops them (`ForgetWhatWaits`),
and the poll of the rail always counts anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from smarketing.remembering import forget, remembered
from smarketing.words import clock_words

CAP = 99
Counter = Callable[[Any], int | tuple[int, str]]
_counters: dict[str, Counter] = {}
Banner = Callable[[Any], str]
_banners: list[Banner] = []
News = Callable[[HttpRequest], str]
_news: list[News] = []


def count_waiting(key: str, counter: Counter) -> None:
    """From now on the rail shows what `counter` says beside the room with this key."""
    _counters[key] = counter


def show_banner(banner: Banner) -> None:
    """From now on every page of a signed-in person begins with what `banner(user)` says, unless that is nothing."""
    _banners.append(banner)


def tell_news(news: News) -> None:
    """From now on the poll of the rail also brings what `news(request)` draws, as pieces for elsewhere in the page; nothing is silence.

    The page says what it knows already in fields marked data-with-poll. One poll serves all: every page asks twice a minute.
    """
    _news.append(news)


@dataclass(frozen=True)
class Room:
    key: str
    url_name: str
    label: Any
    icon: str
    hotkey: str = ""
    on_phone: bool = False
    also: tuple[str, ...] = ()  # names of further addresses that lie in this room


ROOMS = [
    Room("queue", "sla:queue", _("My queue"), "phone", "g q", on_phone=True),
    Room("handoffs", "handoff:list", _("Hand-offs"), "handshake", "g h", on_phone=True),
    Room("leads", "leads:list", _("Leads"), "users-round", "g l", on_phone=True),
    Room("qualify", "leads:qualify_list", _("Qualify"), "list-checks", "g u"),
    Room("dashboard", "dashboard:dashboard", _("Dashboard"), "layout-dashboard", "g d", on_phone=True),
    Room("agreement", "sla:agreement", _("Agreement"), "scale", "g a", also=("sla:disputes",)),
    Room("notices", "sla:notices", _("Notices"), "bell", "g n"),
]
WORKSHOP = [
    Room("import", "leads:import", _("Import"), "upload"),
    Room("criteria", "leads:criteria", _("Criteria"), "sliders-horizontal"),
    Room("settings", "settings", _("Settings"), "settings"),
]


def address(url_name: str) -> str:
    """The address behind a URL name, or nothing when that room is not built."""
    return _address(url_name, settings.ROOT_URLCONF)


@lru_cache(maxsize=256)
def _address(url_name: str, _urlconf: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


@dataclass(frozen=True)
class Line:
    room: Room
    url: str
    is_current: bool
    count: int | None = None
    state: str = ""

    @property
    def shown_count(self) -> str:
        return f"{CAP}+" if self.count is not None and self.count > CAP else str(self.count or "")


class Shell:
    """Everything base.html asks for. Counts are read only when the rail is drawn."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user = getattr(request, "user", None)

    @property
    def is_signed_in(self) -> bool:
        return bool(self.user and self.user.is_authenticated)

    @property
    def theme(self) -> str:
        """The class on html; empty follows the device."""
        theme = getattr(self.user, "theme", "")
        return theme if theme in ("light", "dark") else ""

    @property
    def color_scheme(self) -> str:
        return self.theme or "light dark"

    @property
    def density(self) -> str:
        return getattr(self.user, "density", "") or "comfortable"

    @property
    def single_keys(self) -> str:
        return "on" if getattr(self.user, "single_keys", True) else "off"

    @cached_property
    def rail(self) -> list[Line]:
        return self._lines(ROOMS)

    @cached_property
    def workshop(self) -> list[Line]:
        return self._lines(WORKSHOP)

    @property
    def counted(self) -> list[Line]:
        """The lines that may carry a number."""
        return [line for line in self.rail if line.room.key in _counters]

    @property
    def counts_seen(self) -> str:
        """What the rail says now, in one word: the next poll brings it back and hears nothing when it is still true."""
        return "-".join(f"{line.room.key}.{line.shown_count}.{line.state}" for line in self.counted)

    @property
    def search_url(self) -> str:
        return address("search")

    @property
    def list_url(self) -> str:
        return address("leads:list")

    @property
    def new_lead_url(self) -> str:
        return address("leads:new")

    @property
    def settings_url(self) -> str:
        return address("settings")

    @property
    def words_url(self) -> str:
        return address("dashboard:glossary")

    @property
    def first_steps_url(self) -> str:
        """Where hidden first steps are asked for again; nothing while they are shown."""
        return (
            address("dashboard:show_first_steps") if getattr(self.user, "first_steps_hidden_at", None) else ""
        )

    @property
    def mfa_url(self) -> str:
        return address("mfa_index")

    @property
    def password_url(self) -> str:
        return address("account_change_password")

    @property
    def banners(self) -> list[str]:
        return self._known[1]

    @property
    def clock_words(self) -> SafeString:
        return _clock_words_script(get_language() or "")

    @cached_property
    def _known(self) -> tuple[dict[str, tuple[int, str]], list[str]]:
        """What waits and what every page must say, both for this person."""
        if not self.is_signed_in:
            return {}, []
        return remembered(_key(self.user), self._look, seconds=settings.SHELL_SECONDS)

    def _look(self) -> tuple[dict[str, tuple[int, str]], list[str]]:
        answers = {key: counter(self.user) for key, counter in _counters.items()}
        counts = {key: said if isinstance(said, tuple) else (said, "") for key, said in answers.items()}
        return counts, [text for banner in _banners if (text := banner(self.user))]

    def _lines(self, rooms: list[Room]) -> list[Line]:
        return [self._line(room, url) for room in rooms if (url := address(room.url_name))]

    def _line(self, room: Room, url: str) -> Line:
        count, state = self._known[0].get(room.key, (None, ""))
        inside = (url, *(also for name in room.also if (also := address(name))))
        return Line(room, url, self.request.path.startswith(inside), count, state)


@lru_cache(maxsize=8)
def _clock_words_script(_language: str) -> SafeString:
    return json_script(clock_words(), "clock-words")


def _key(person: Any) -> str:
    return f"shell:{person.pk}"


class ForgetWhatWaits:
    """Whoever did something sees its effect on the very next page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method not in ("GET", "HEAD", "OPTIONS") and request.user.is_authenticated:
            forget(_key(request.user))
        return response


@require_safe
def rail_counts(request: HttpRequest) -> HttpResponse:
    """The numbers beside the rooms, again; 204 when they are what the page shows already. A plain visitor gets the rail's first page."""
    if not getattr(request, "htmx", False):
        return redirect("/")
    forget(_key(request.user))
    now = Shell(request)
    news = [drawn for news in _news if (drawn := news(request))]
    if request.GET.get("seen") == now.counts_seen and not news:
        return HttpResponse(status=204)
    return render(request, "_rail_counts.html", {"shell": now, "is_swap": True, "news": news})


def counted_anew(request: HttpRequest) -> SafeString:
    """The numbers of the rail after what this person just did, as pieces for the page that he did it in."""
    forget(_key(request.user))
    return render_to_string("_rail_numbers.html", {"shell": Shell(request)})


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"shell": SimpleLazyObject(lambda: Shell(request))}
