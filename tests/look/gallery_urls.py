"""Addresses for looking at the components without the rooms: only tests and a reviewer use this URLconf."""

from types import SimpleNamespace

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.utils import timezone

from smarketing import assets, shell

NOW = 1_795_428_000  # Monday 23 November 2026 11:00 in Amsterdam
DAY = [NOW - 2 * 3600, NOW + 6 * 3600]


def clock(state: str, words: str, due_words: str, label: str, due: int | None = None) -> SimpleNamespace:
    now = int(timezone.now().timestamp())
    segments = f"[[{now - 7200},{now + 6 * 3600}]]"
    moment = (
        timezone.now()
        if due is None
        else timezone.datetime.fromtimestamp(now + due, tz=timezone.get_current_timezone())
    )
    return SimpleNamespace(
        state=state, words=words, due_words=due_words, label=label, due_at=moment,
        due=None if due is None else now + due, now=now, segments=segments, warn=1800, day=28800,
    )  # fmt: skip


LATE = clock("late", "Late by 35 m", "10:25", "Late by 35 minutes, was due at 10:25", -35 * 60)
SOON = clock("soon", "22 m left", "11:22", "Due in 22 minutes, at 11:22", 22 * 60)
CALM = clock("calm", "1 h 20 m left", "12:20", "Due in 1 hour 20 minutes, at 12:20", 80 * 60)
PAUSED = clock(
    "paused", "50 m left", "paused until Mon 09:00", "50 minutes left, paused until Monday at 09:00"
)
MET = clock("met", "Met in 38 m", "", "Met in 38 minutes")


class LeadForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As the person writes it.")
    phone = forms.CharField(label="Phone", required=False, widget=forms.TextInput(attrs={"type": "tel"}))
    source = forms.ChoiceField(label="Source", choices=[("w", "Webinar Fuel Q4"), ("a", "Ads")])
    decider = forms.ChoiceField(
        label="Decider reachable",
        choices=[("y", "Yes"), ("n", "No"), ("u", "Unknown")],
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
        initial="u",
    )
    reason = forms.ChoiceField(
        label="Reason", choices=[("r", "Not reachable"), ("m", "Not our market")], widget=forms.RadioSelect
    )
    why = forms.CharField(label="Why now", widget=forms.Textarea(attrs={"rows": 3}))
    consent = forms.BooleanField(label="Calling is allowed", required=False)


class Filters(forms.Form):
    q = forms.CharField(label="Name, company, phone", required=False)
    source = forms.ChoiceField(label="Source", choices=[("", "All"), ("w", "Webinar")], required=False)
    due = forms.ChoiceField(label="Due", choices=[("", "Any time"), ("t", "Today")], required=False)
    country = forms.CharField(label="Country", required=False)


LEADS = [
    (
        LATE,
        "Noor de Wit",
        "Operations, Vandersteen Logistics",
        "Asked for a price for 40 trucks after the webinar",
        "Webinar Fuel Q4",
        86,
    ),
    (
        SOON,
        "Jonas Peeters",
        "Head of finance, Kaai",
        "Downloaded the ROI sheet twice, opened the mail of Thursday",
        "Ads · ROI",
        78,
    ),
    (
        CALM,
        "Aisha Benali",
        "Owner, Benali & Zonen Transportbedrijven",
        "Referred by Holt; decides before the end of the year",
        "Referral",
        91,
    ),
    (
        PAUSED,
        "Pieter van den Broek-Hoogstraten",
        "Arbeidsongeschiktheidsverzekeringen NV",
        "Wants a call-back on Monday",
        "Trade fair",
        64,
    ),
    (
        MET,
        "Luc Maes",
        "Maes Distributie",
        "Called this morning, wants a second opinion",
        "Webinar Fuel Q4",
        59,
    ),
]


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    bound = LeadForm({"source": "w", "decider": "u"}) if "errors" in request.GET else LeadForm()
    context = {
        "leads": [
            SimpleNamespace(clock=c, name=n, role=r, why=w, source=s, score=p, id=i)
            for i, (c, n, r, w, s, p) in enumerate(LEADS)
        ],
        "clocks": [LATE, SOON, CALM, PAUSED, MET],
        "wrong": bound,
        "fresh": LeadForm(),
        "filters": Filters({"q": "", "due": "t"}),
        "active": [{"words": "Due today", "query": "?"}],
        "tabs": [
            {"label": "To call now", "url": "?", "is_current": True, "count": 7},
            {"label": "Follow-ups today", "url": "?v=2", "count": 3},
            {"label": "Waiting for answer", "url": "?v=3", "count": 5},
            {"label": "No next step", "url": "?v=4", "count": 2},
            {"label": "Done today", "url": "?v=5", "count": 9},
        ],
        "steps": [
            {"label": "File", "url": "?", "state": "done"},
            {"label": "Columns", "state": "current"},
            {"label": "Check"},
            {"label": "Done"},
        ],
        "page": SimpleNamespace(
            has_previous=True,
            has_next=True,
            previous_page_number=1,
            next_page_number=3,
            start_index=51,
            end_index=100,
        ),
        "ago": timezone.now() - timezone.timedelta(hours=3),
        "steps_of_funnel": [
            SimpleNamespace(
                label="New",
                count=412,
                side="MARKETING",
                url="?",
                share=None,
                seconds=None,
                change="",
                note="",
            ),
            SimpleNamespace(
                label="Qualified",
                count=236,
                side="MARKETING",
                url="?",
                share=0.573,
                seconds=36000,
                change="+4 pt",
                note="",
            ),
            SimpleNamespace(
                label="Sales-ready",
                count=118,
                side="MARKETING",
                url="?",
                share=0.5,
                seconds=72000,
                change="−2 pt",
                note="",
            ),
            SimpleNamespace(
                label="Accepted",
                count=97,
                side="SALES",
                url="?",
                share=0.822,
                seconds=11400,
                change="+6 pt",
                note="",
            ),
            SimpleNamespace(
                label="Meeting",
                count=31,
                side="SALES",
                url="?",
                share=0.32,
                seconds=50000,
                change="",
                note="",
            ),
        ],
        "buckets": [
            SimpleNamespace(label=label, count=count, url="?")
            for label, count in [
                ("< 1 h", 12),
                ("1–2 h", 31),
                ("2–4 h", 44),
                ("4–8 h", 9),
                ("1–2 d", 4),
                ("later", 1),
            ]
        ],
        "weeks": [3, 5, 4, 8, 7, 12, 9, 14, 13, 18, 15, 16],
        "holes": [3, None, 4, 8, None, None, 9, 14, 13, 8, 5, 6],
        "is_dark": request.GET.get("theme") == "dark",
    }
    return render(request, "look/gallery.html", context)


@login_not_required
def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


urlpatterns = [
    path("assets/<slug:version>/<path:name>", assets.serve, name="asset"),
    path("rail/", shell.rail_counts, name="rail_counts"),
    path("", gallery, name="gallery"),
    path(
        "",
        include(([path("queue/", empty, name="queue"), path("agreement/", empty, name="agreement")], "sla")),
    ),
    path("", include(([path("handoffs/", empty, name="list")], "handoff"))),
    path(
        "",
        include(
            (
                [
                    path("leads/", empty, name="list"),
                    path("leads/new/", empty, name="new"),
                    path("qualify/", empty, name="qualify_list"),
                    path("import/", empty, name="import"),
                    path("criteria/", empty, name="criteria"),
                ],
                "leads",
            )
        ),
    ),
    path("", include(([path("dashboard/", empty, name="dashboard")], "dashboard"))),
    path("accounts/", include("allauth.urls")),
]
