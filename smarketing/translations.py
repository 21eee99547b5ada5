"""The words of the product in other languages: collected, checked and compiled without GNU gettext.

Collecting keeps every translation whose English has stayed exactly the same, and guesses nothing:
a changed sentence is a new sentence. Compiling needs no Django.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "smarketing" / "locale"
SOURCES = ["smarketing", "leads", "handoff", "sla", "dashboard", "templates"]
KEYWORDS: dict[str, tuple | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


@dataclass(frozen=True)
class Language:
    code: str

    # Verbs

    def collect(self) -> Catalog:
        """Writes the file anew with the words the product uses now."""
        catalog = self.up_to_date()
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_bytes(_written(catalog))
        return catalog

    def compile(self) -> None:
        """Afterwards Django finds what the file says."""
        finished = BytesIO()
        write_mo(finished, self.read())
        unfinished = self.compiled.with_suffix(f".mo.{os.getpid()}")
        unfinished.write_bytes(finished.getvalue())
        unfinished.replace(self.compiled)

    # Questions

    @property
    def file(self) -> Path:
        return LOCALE / self.code / "LC_MESSAGES" / "django.po"

    @property
    def compiled(self) -> Path:
        return self.file.with_suffix(".mo")

    @property
    def is_stale(self) -> bool:
        return not self.compiled.exists() or self.compiled.stat().st_mtime < self.file.stat().st_mtime

    def read(self) -> Catalog:
        if not self.file.exists():
            return Catalog(locale=self.code, domain="django", fuzzy=False)
        with self.file.open("rb") as file:
            return read_po(file, locale=self.code, domain="django", abort_invalid=True)

    def up_to_date(self) -> Catalog:
        known = self.read()
        catalog = Catalog(
            locale=self.code,
            domain="django",
            project="Smarketing",
            version="1",
            header_comment="# What the product says, in another language. Collected by ./run messages.",
            creation_date=known.creation_date,
            revision_date=known.revision_date,
            fuzzy=False,
        )
        for found in _found():
            before = known.get(found.id, found.context)
            catalog.add(
                found.id,
                before.string if before else None,
                locations=found.locations,
                auto_comments=found.auto_comments,
                user_comments=before.user_comments if before else [],
                context=found.context,
            )
        return catalog

    def complaints(self) -> list[str]:
        """What keeps these translations from being complete; nothing when they are."""
        catalog = self.up_to_date()
        complaints = [
            f"not translated: {_shown(message)}" for message in catalog if _is_untranslated(message)
        ]
        for message, errors in catalog.check():
            if not _is_untranslated(message):
                complaints += [f"{error}: {_shown(message)}" for error in errors]
        if _sentences(catalog) != _sentences(self.read()):
            complaints.append(f"{self.file.relative_to(ROOT)} is not up to date: ./run messages")
        return complaints


def languages() -> list[Language]:
    """Those with a directory of their own; English is in the code."""
    return [Language(place.name) for place in sorted(LOCALE.glob("*")) if place.is_dir()]


def compile_stale() -> None:
    """Cheap when nothing has changed, so that every start may ask for it."""
    for language in languages():
        if language.file.exists() and language.is_stale:
            language.compile()


def _found() -> Iterator[Message]:
    """Every sentence once, with the files that say it."""
    catalog = Catalog()
    for source in SOURCES:
        for path in sorted((ROOT / source).rglob("*")):
            if path.suffix in (".py", ".html", ".txt") and path.is_file():
                place = path.relative_to(ROOT).as_posix()
                for _line, words, comments, context in _said_in(path):
                    catalog.add(words, locations=[(place, 1)], auto_comments=comments, context=context)
    return (message for message in catalog if message.id)


def _said_in(path: Path) -> Iterator[tuple]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        if "trans" not in text:
            return iter(())
        text = _as_python(text, path)
    return extract(
        "python", BytesIO(text.encode()), KEYWORDS, comment_tags=["Translators:"], strip_comment_tags=True
    )


def _as_python(template: str, path: Path) -> str:
    """Django turns what a template says into calls of gettext between meaningless words."""
    from django.utils.translation.template import templatize

    said = templatize(template, origin=str(path))
    return "\n".join(line.strip() for line in said.splitlines())


def _written(catalog: Catalog) -> bytes:
    file = BytesIO()
    write_po(file, catalog, width=110, sort_output=True, include_lineno=False)
    return file.getvalue()


def _is_untranslated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
    return bool(message.id) and not all(strings)


def _sentences(catalog: Catalog) -> set[tuple]:
    return {(message.id, message.context) for message in catalog if message.id}


def _shown(message: Message) -> str:
    words = message.id if isinstance(message.id, str) else message.id[0]
    return " ".join(words.split())
