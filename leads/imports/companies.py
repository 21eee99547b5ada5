"""The companies of a file."""

from __future__ import annotations

from typing import Any


class Companies:
    """The companies of one file. What several rows say of one is folded: the last word that is not empty."""

    def __init__(self) -> None:
        self.folded: list[list[Any]] = []
        self.by_domain: dict[str, int] = {}
        self.by_name: dict[str, int] = {}

    def number(self, name: str | None, domain: str | None, *told: Any) -> int:
        named = name.lower() if name else None
        place = self.by_domain.get(domain) if domain else None
        if place is None and named:
            place = self.by_name.get(named)
            if place is not None and domain and self.folded[place][1] not in (None, domain):
                place = None  # the same name at another web domain is another company
        if place is None:
            place = len(self.folded)
            self.folded.append([name, domain, None, None, None, None])
        folded = self.folded[place]
        folded[0] = folded[0] or name
        folded[1] = folded[1] or domain
        for at, value in enumerate(told, start=2):
            if value is not None:
                folded[at] = value
        if domain:
            self.by_domain[domain] = place
        if named:
            self.by_name.setdefault(named, place)
        return place + 1

    def table(self, batch_id: int) -> list[tuple[Any, ...]]:
        return [(batch_id, number, *folded) for number, folded in enumerate(self.folded, start=1)]
