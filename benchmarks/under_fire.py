"""What colleagues do while the exactly-once trial kills things, and the plain model that is told of each act that was confirmed.

An act that meets a dead database or web process is done again until it is confirmed; before each new try it is looked up whether it
happened after all, as a person would look. The model knows clocks only as "due at" and "first contact at".
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

PATIENCE = 60.0


@dataclass
class Model:
    """What must have come of it, from what was confirmed and nothing else."""

    contacts: dict[int, list[datetime]] = field(default_factory=dict)  # hand-off: when it was contacted
    sent: list[int] = field(default_factory=list)  # leads handed over

    def differs(self) -> list[Any]:
        """Clocks and hand-offs that stand otherwise than the model says."""
        from handoff.models import Handoff
        from sla.models import Clock, ClockEvent

        found: list[Any] = []
        breaches: dict[int, int] = {}
        for clock in ClockEvent.objects.filter(kind="BREACHED").values_list("clock_id", flat=True):
            breaches[clock] = breaches.get(clock, 0) + 1
        for clock in Clock.objects.filter(handoff__in=self.contacts).iterator():
            moments = self.contacts[clock.handoff_id]
            stop = max(min(moments), clock.started_at) if moments else None
            late = stop is None or (clock.due_at is not None and stop > clock.due_at)
            flags, is_cleared = breaches.get(clock.pk, 0), clock.cleared_at is not None
            right = (flags == 1 and not is_cleared) if late else (flags == 0 or (flags == 1 and is_cleared))
            if clock.stopped_at != stop or not right:
                found.append((clock.pk, clock.due_at, stop, clock.stopped_at, flags, is_cleared))
        for lead in self.sent:
            handoffs = list(Handoff.objects.filter(lead=lead))
            if len(handoffs) != 1 or handoffs[0].clocks.count() != 2:
                found.append(("sent", lead, len(handoffs)))
        return found


def steadily(act: Callable[[], object], happened: Callable[[], bool]) -> None:
    """`act` is confirmed afterwards, once, however often the database dies meanwhile."""
    from django.db import InterfaceError, OperationalError, connection

    end = time.monotonic() + PATIENCE
    first = True
    while True:
        try:
            if first or not happened():
                first = False
                act()
            return
        except (OperationalError, InterfaceError):
            connection.close()
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def contact(model: Model, handoff: Any, *, occurred_at: datetime, by: Any, at: datetime) -> None:
    from handoff.models import ContactAttempt, Handoff

    def act() -> None:
        Handoff.objects.get(pk=handoff.pk).log_contact("CALL", "SPOKE", occurred_at=occurred_at, by=by, at=at)

    steadily(act, ContactAttempt.objects.filter(handoff=handoff.pk, occurred_at=occurred_at).exists)
    model.contacts[handoff.pk].append(occurred_at)


def contact_by_web(model: Model, handoff: Any, *, occurred_at: datetime, port: int, token: str) -> None:
    """The same key at every try: the web process may die before, during and after."""
    body = json.dumps({"channel": "call", "result": "spoke", "occurred_at": occurred_at.isoformat()}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/handoffs/{handoff.pk}/contact/",
        data=body,
        headers={
            "Authorization": f"Token {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": f"contact-{handoff.pk}-{occurred_at.timestamp()}",
        },
    )
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(request, timeout=10):
                break
        except urllib.error.HTTPError as problem:
            if problem.code < 500 and problem.code not in (409, 429):
                raise
        except OSError:
            pass
        if time.monotonic() > end:
            raise TimeoutError("The web process did not confirm a contact within a minute.")
        time.sleep(0.3)
    model.contacts[handoff.pk].append(occurred_at)


def hand_over(model: Model, lead: Any, *, to: Any, team: Any, by: Any, at: datetime) -> None:
    from handoff.models import Handoff

    brief = {item["key"]: "x" for item in _brief_items()}
    steadily(
        lambda: Handoff.send(lead, brief=brief, to=to, team=team, by=by, at=at),
        Handoff.objects.filter(lead=lead).exists,
    )
    model.sent.append(lead.pk)


def _brief_items() -> list[dict[str, Any]]:
    from django.utils import timezone

    from handoff import rules

    return list(rules.in_force(timezone.now()).brief_items)
