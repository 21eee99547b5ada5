"""Which colleague a file means: by e-mail address, or by a full name that only one of them has."""

from __future__ import annotations

from smarketing.accounts.models import User


class Colleagues:
    """Everyone who may sign in, read once per file."""

    def __init__(self) -> None:
        self.known: dict[str, int | None] = {}
        for user in User.objects.active().only("id", "email", "first_name", "last_name"):
            name = f"{user.first_name} {user.last_name}".strip().lower()
            if name:
                self.known[name] = None if name in self.known else user.pk
        self.known |= {email.lower(): pk for pk, email in User.objects.active().values_list("id", "email")}

    def find(self, words: str) -> int | None:
        return self.known.get(" ".join(words.split()).lower())
