"""Sources and campaigns as a file names them, and those that are new."""

from __future__ import annotations

import re

from leads.models import Campaign, Source
from leads.origins import key_for

NAMES_PER_FILE = 2_000  # more different sources or campaigns than this are no sources or campaigns


class Sources:
    def __init__(self) -> None:
        self.known: dict[str, str] = {}
        for key, name in Source.objects.values_list("key", "name"):
            self.known[key_for(name)] = key
            self.known[key_for(key)] = key
        self.keys: dict[str, str | None] = {}
        self.new: dict[str, str] = {}

    def key(self, name: str) -> str | None:
        """The key of the source that the file calls `name`; None when the file has too many."""
        if name not in self.keys:
            made = key_for(name)
            if made not in self.known and len(self.new) >= NAMES_PER_FILE:
                return None
            if made not in self.known:
                words = name.replace("_", " ").capitalize() if re.fullmatch(r"[a-z0-9_]+", name) else name
                self.known[made], self.new[made] = made, words
            self.keys[name] = self.known[made]
        return self.keys[name]


class Campaigns:
    def __init__(self) -> None:
        self.known = {name.lower(): name for name in Campaign.objects.values_list("name", flat=True)}
        self.new: list[str] = []

    def name(self, name: str) -> str | None:
        """The campaign's name as it is already written; None when the file has too many."""
        key = name.lower()
        if key not in self.known:
            if len(self.new) >= NAMES_PER_FILE:
                return None
            self.known[key] = name
            self.new.append(name)
        return self.known[key]
