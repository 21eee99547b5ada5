"""Who is meant by "@Sam" in a message. Stored as people, not as names."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from smarketing.accounts.models import User

AT_A_NAME = re.compile(r"(?<![\w@])@(\w[\w'’-]*(?:[ .]\w[\w'’-]*){0,3})")


class UnclearMention(Exception):
    """More than one colleague is called like that."""

    def __init__(self, name: str, people: Iterable[User]) -> None:
        names = ", ".join(sorted(map(str, people)))
        super().__init__(
            _("“@%(name)s” could be %(people)s. Write the whole name, or choose from the list.")
            % {"name": name, "people": names}
        )


def colleagues() -> list[User]:
    """Everybody who can be mentioned, by name."""
    return list(User.objects.active().select_related("team").order_by("first_name", "last_name", "id"))


def mentioned_in(text: str, people: Iterable[User]) -> list[User]:
    """The colleagues whose names follow an @: the longest name that fits, or a first name that only one has. A name that
    nobody has is just text. Raises UnclearMention."""
    everybody, found = list(people), []
    for said in AT_A_NAME.findall(text):
        person = _one(said, everybody)
        if person and person not in found:
            found.append(person)
    return found


def _one(said: str, people: list[User]) -> User | None:
    """From "Sam Smit called" the longest beginning that is somebody's name."""
    words = re.split(r"[ .]", said)
    for count in range(len(words), 0, -1):
        name = " ".join(words[:count]).casefold()
        fitting = [person for person in people if name in _names(person)]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            raise UnclearMention(" ".join(words[:count]), fitting)
    return None


def _names(person: User) -> set[str]:
    whole = re.sub(r"[ .]+", " ", person.get_full_name()).casefold()
    return {whole, person.first_name.casefold()} - {""}
