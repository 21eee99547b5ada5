"""What of a call sheet goes on its one printed A4. On the screen everything stands; on paper what is too long is cut, and the sheet says so.

Cut in this order, and only as far as needed: the last contacts, then why now and what they want, then the other texts, then criteria
that are met, and at last questions and criteria that are open. Heights are counted in printed lines, a little generously, because
letters differ in width; a journey measures them in a browser (tests/journeys/test_call_sheet_on_paper.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from textwrap import wrap

PAGE = 36  # lines above the outcome, on the smallest of what printers leave of an A4
HALF = 42  # letters on a line of half the width
HEADING = 1.4  # with the space above it
SHORTEST = 2  # lines that a text keeps
FEWEST = 3  # points that a list keeps


@dataclass(frozen=True)
class Text:
    """A heading and what stands under it. `lines` is what it may take; None: all."""

    label: str
    text: str
    lines: int | None = None

    @property
    def cut(self) -> str:
        """As much as it may take, to a whole word."""
        return "\n".join(_rows(self.text)[: self.lines])

    @property
    def is_cut(self) -> bool:
        return self.lines is not None and len(_rows(self.text)) > self.lines

    @property
    def height(self) -> float:
        rows = len(_rows(self.text)) or 1
        return HEADING + (rows if self.lines is None else min(rows, self.lines))

    def shorter(self) -> Text:
        shown = min(len(_rows(self.text)), self.lines or len(self.text))
        return replace(self, lines=shown - 1) if shown > SHORTEST else self


@dataclass(frozen=True)
class Points:
    """Lines of a list, of which the last `cut` are left out."""

    labels: Sequence[str] = ()
    cut: int = 0
    least: int = FEWEST

    @property
    def height(self) -> float:
        shown = self.labels[: len(self.labels) - self.cut]
        return sum(ceil(len(label) / HALF) or 1 for label in shown)

    def shorter(self) -> Points:
        return replace(self, cut=self.cut + 1) if len(self.labels) - self.cut > self.least else self


@dataclass(frozen=True)
class Page:
    """`first` stand side by side under the head; under them criteria, questions and the answer beside `right`; contacts at the bottom."""

    head: float = 5
    first: Sequence[Text] = ()
    right: Sequence[Text] = ()
    met: Points = Points(least=0)  # criteria
    questions: Points = Points()
    open: Points = Points()  # criteria that are not met, or unknown
    override: str = ""
    asked: Text | None = None
    contacts: Points = Points(least=1)

    @property
    def left_height(self) -> float:
        answers = HEADING + self.met.height + self.open.height + 0.7 * ceil(len(self.override) / HALF)
        to_ask = HEADING + self.questions.height if self.questions.labels else 0
        return answers + to_ask + (self.asked.height if self.asked else 0)

    @property
    def right_height(self) -> float:
        return sum(text.height for text in self.right)

    @property
    def left_decides(self) -> bool:
        return self.left_height >= self.right_height

    @property
    def height(self) -> float:
        first = max((text.height for text in self.first), default=0)
        contacts = HEADING + max(1, len(self.contacts.labels) - self.contacts.cut)
        return self.head + first + max(self.left_height, self.right_height) + contacts + 2 * self.is_cut

    @property
    def cut_labels(self) -> list[str]:
        """Texts that do not stand there in full."""
        texts = [*self.first, *self.right, *([self.asked] if self.asked else [])]
        return [text.label for text in texts if text.is_cut]

    @property
    def criteria_cut(self) -> int:
        return self.met.cut + self.open.cut

    @property
    def is_cut(self) -> bool:
        return bool(self.contacts.cut or self.criteria_cut or self.questions.cut or self.cut_labels)


def fitted(page: Page) -> Page:
    """The same page, cut until it fits."""
    while page.height > PAGE:
        shorter = next((shorter for cut in CUTS if (shorter := cut(page)) != page), page)
        if shorter == page:
            return page
        page = shorter
    return page


# Mechanics: each cut takes one line where that helps, or changes nothing


def _fewer_contacts(page: Page) -> Page:
    return replace(page, contacts=page.contacts.shorter())


def _shorter_first(page: Page) -> Page:
    return replace(page, first=_tallest_shorter(page.first))


def _shorter_others(page: Page) -> Page:
    shorter = replace(page, right=_tallest_shorter(page.right))
    return shorter if page.right_height >= page.left_height else page


def _shorter_answer(page: Page) -> Page:
    return replace(page, asked=page.asked.shorter()) if page.asked and page.left_decides else page


def _fewer_met(page: Page) -> Page:
    return replace(page, met=page.met.shorter()) if page.left_decides else page


def _fewer_questions(page: Page) -> Page:
    return replace(page, questions=page.questions.shorter()) if page.left_decides else page


def _fewer_open(page: Page) -> Page:
    return replace(page, open=page.open.shorter()) if page.left_decides else page


CUTS = (
    _fewer_contacts,
    _shorter_first,
    _shorter_others,
    _shorter_answer,
    _fewer_met,
    _fewer_questions,
    _fewer_open,
)


def _tallest_shorter(texts: Sequence[Text]) -> Sequence[Text]:
    """All that are as tall as the tallest: side by side or under each other, they stay alike."""
    most = max((text.height for text in texts), default=0)
    return tuple(text.shorter() if text.height == most else text for text in texts)


def _rows(text: str) -> list[str]:
    return [row for line in text.split("\n") for row in (wrap(line, HALF) or [""])] if text else []
