"""`seed_demo`: a believable company moves into an empty database."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from dashboard import counts
from sla.models import Notice, NoticeKind
from smarketing.accounts.models import User
from smarketing.demo import cast, clocks, desk, handing, months, telling, together
from smarketing.demo.story import WEEKS, Story
from smarketing.embedded import places


class Command(BaseCommand):
    help = "Fills an empty database with a believable company. Never in production."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--leads", type=int, default=200, help="how many leads come in over ten weeks (default: 200)"
        )
        parser.add_argument("--seed", type=int, default=7, help="another number, another story")

    def handle(self, *args: Any, leads: int, seed: int, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "The demo company has a known password; it never moves into a production installation."
            )
        if User.objects.exists():
            raise CommandError(
                "There are people here already; the demo company moves only into an empty database."
            )
        with transaction.atomic():
            move_in(leads, seed, now=timezone.localtime().replace(second=0, microsecond=0))
        while counts.compact():
            pass
        self._say_how_to_sign_in()

    def _say_how_to_sign_in(self) -> None:
        lines = [
            "Sign in as",
            "  rep@demo.example        a sales rep, works a queue",
            "  marketer@demo.example   a marketer, qualifies and hands over",
            "  manager@demo.example    a manager of both teams",
            f"with the password       {cast.PASSWORD}",
        ]
        places.var().mkdir(parents=True, exist_ok=True)
        (places.var() / "demo-signin.txt").write_text("\n".join(lines) + "\n")
        self.stdout.write("\n".join(lines))


def move_in(leads: int, seed: int, *, now: datetime) -> None:
    """The company has worked with the product for ten weeks, up to now."""
    begins = (now - timedelta(weeks=WEEKS)).replace(hour=9, minute=0)
    kick_off = begins - timedelta(days=10)
    team = cast.hire()
    cast.open_the_sources(now.date())
    office = cast.open_the_office(kick_off)
    cast.agree_on_criteria(team, kick_off)
    cast.sign_the_agreement(team, office, kick_off)
    handing.templates(team.marketers[0], kick_off)
    together.agree_on_routes(team, kick_off)
    cast.go_on_leave(team.reps[2], team.reps[0], now)
    story = Story(
        cast=team, hours=office.current.business_calendar(), begins=begins, now=now, dice=Random(seed)
    )
    months.plan(story, team)
    story.tell(leads)
    desk.fill(team, Random(seed), now)
    together.fill_the_pool(team, story.dice, now)
    together.talk(team, story.hours, now)
    clocks.act(team, office, Random(seed), now)
    cast.propose_a_change(team, now - timedelta(days=2, hours=3))
    _let_the_past_rest(now)
    telling.connect(team, now)
    telling.wish(team)
    telling.set_one_aside(team, now)


def _let_the_past_rest(now: datetime) -> None:
    """No mail goes out for a story; what the product told before today was read at the time, but for what still waits to be signed."""
    Notice.objects.filter(sent_at=None).update(sent_at=F("created_at"), next_attempt_at=None)
    told_before = Notice.objects.filter(created_at__lt=now - timedelta(hours=12))
    told_before.exclude(kind=NoticeKind.TO_SIGN).update(read_at=F("created_at"))
