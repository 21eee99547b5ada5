"""One view of the list: filters, order and page, all from the address. Nothing in an address makes it fail.

Counts stop at 10,000 and pages go no further: who wants more narrows the list or takes the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.core.cache import caches
from django.db.models import Count, F, OrderBy, Window
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from leads.fields import OneOfField
from leads.filters import MOMENTS, SHARED_COLUMN, LeadFilters
from leads.ordering import COMPANY, NAME, STAGE
from leads.querysets import LeadQuerySet
from leads.written_rows import ListedLead, listed_leads, written
from smarketing import words

PAGE = 50
CAP = 10_000
CAP_OF_A_WALK = 1_000  # for words that many contacts have, among leads that something else narrows
BESIDES_FILTERS = ("sort", "page", "saved")


@dataclass(frozen=True)
class Column:
    """One column of the table; `order` is what sorting by it means, in ascending direction."""

    key: str
    label: str | Promise
    order: tuple[Any, ...] = ()
    css: str = ""
    newest_first: bool = False


COLUMNS = [
    Column("name", gettext_lazy("Who"), NAME),
    Column("company", gettext_lazy("Company"), COMPANY),
    Column("stage", gettext_lazy("Stage"), STAGE),
    Column("source", gettext_lazy("Source"), css="col-2"),
    Column("owner", gettext_lazy("Sales rep"), css="col-2"),
    Column("next_step", gettext_lazy("Next step"), (F("next_step_at").asc(), F("id").asc()), css="col-3"),
    Column("captured", gettext_lazy("Captured"), (F("captured_at").asc(), F("id").asc()), newest_first=True),
]
FIRST_SORT = "-captured"


def _moment_column(name: str) -> Column:
    """Takes the place of "captured" in a list of leads that reached a stage in some period: it is in that order."""
    column = "closed_at" if name in SHARED_COLUMN else f"{name}_at"
    return Column(name, MOMENTS[name], (F(column).asc(), F("id").asc()), newest_first=True)


MOMENT_COLUMNS = {name: _moment_column(name) for name in MOMENTS if name != "captured"}
SORTABLE = {column.key: column for column in COLUMNS if column.order} | MOMENT_COLUMNS


@dataclass(frozen=True)
class Heading:
    column: Column
    query: str  # what the address becomes on a click; empty when it cannot be sorted
    aria_sort: str  # ascending, descending or nothing


@dataclass(frozen=True)
class Chip:
    words: str
    query: str  # the address without it


@dataclass(frozen=True)
class Page:
    """Shaped as components/_pagination.html wants it."""

    number: int
    rows: list[ListedLead]
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def previous_page_number(self) -> int:
        return self.number - 1

    @property
    def next_page_number(self) -> int:
        return self.number + 1

    @property
    def start_index(self) -> int:
        return (self.number - 1) * PAGE + 1 if self.rows else 0

    @property
    def end_index(self) -> int:
        return (self.number - 1) * PAGE + len(self.rows)


class Listing:
    """What the address asks for, of the leads that this person may see."""

    def __init__(self, parameters: QueryDict, *, leads: LeadQuerySet, request: Any) -> None:
        self.parameters = parameters
        self.filters = LeadFilters(parameters, queryset=leads, request=request)
        self.problems: list[str] = []
        self.filters.is_valid()
        self._name_what_is_not_understood()
        self.sort = self._sort()
        self.page_number = self._page_number()

    @cached_property
    def leads(self) -> LeadQuerySet:
        """All leads of the view, in no order."""
        return self.filters.qs

    @cached_property
    def _capped_count(self) -> int:
        """Words that many contacts have need no counting when nothing else narrows the list."""
        if self.leads.matches_many and self._narrowed_by == {"q"}:
            return CAP + 1
        if (counted := self._place[1]) is not None:
            return counted
        return self.leads.order_by()[: self._cap + 1].count()

    @property
    def count(self) -> int:
        return min(self._capped_count, self._cap)

    @property
    def is_capped(self) -> bool:
        return self._capped_count > self._cap

    @property
    def _cap(self) -> int:
        return CAP_OF_A_WALK if self.leads.matches_many and self._narrowed_by != {"q"} else CAP

    @property
    def _narrowed_by(self) -> set[str]:
        return {name for name, value in self.parameters.items() if value and name not in BESIDES_FILTERS}

    @property
    def is_narrowed(self) -> bool:
        return bool(self._narrowed_by)

    @property
    def filter_bar(self) -> SafeString:
        """The form of the filters. It is the same for the same address and the same choices, and costs as much as all rows."""
        address = sorted(self.parameters.lists())
        said = repr((get_language(), address, self.filters.form and self.filters.options.read))
        key = f"filter-bar:{sha256(said.encode()).hexdigest()}"
        return caches["process"].get_or_set(key, self._draw_filter_bar) or SafeString()

    def _draw_filter_bar(self) -> SafeString:
        context = {
            "form": self._form,
            "extra": self.kept,
            "facets": "stage source owner",
            "target": "#results",
        }
        return render_to_string("components/_filter_bar.html", context | {"request": self.filters.request})

    @property
    def _form(self) -> Any:
        """Without the hidden fields that say nothing."""
        form = self.filters.form
        assert self.chips is not None  # they need all fields
        for bound in form.hidden_fields():
            if not bound.value():
                del form.fields[bound.name]
        return form

    @cached_property
    def _place(self) -> tuple[list[int], int | None]:
        """The numbers of the leads of this page and of the first of the next one; and how many there are in all, where that is known."""
        start = (self.page_number - 1) * PAGE
        leads = self.leads.order_by(*self._order())
        if not leads.is_searched:
            return list(leads.values_list("pk", flat=True)[start : start + PAGE + 1]), None
        counted = leads.annotate(in_all=Window(Count("*"))).values_list("pk", "in_all")
        found = list(counted[start : start + PAGE + 1])
        none_at_all = None if start else 0  # beyond the last page nobody has said how many there are
        return [pk for pk, _in_all in found], found[0][1] if found else none_at_all

    @cached_property
    def page(self) -> Page:
        """The rows of the page: numbers first, so that only fifty rows are fetched whole."""
        ids = self._place[0]
        found = {row.pk: row for row in listed_leads(ids[:PAGE], shown_at=self._moment_shown)}
        has_next = len(ids) > PAGE and self.page_number * PAGE < CAP
        return Page(self.page_number, [found[pk] for pk in ids[:PAGE] if pk in found], has_next)

    @property
    def written_rows(self) -> SafeString:
        return written(self.page.rows, words=self.words, narrow=self.narrow)

    @cached_property
    def words(self) -> dict[str, str]:
        """What the cells are called on a phone, where there is no head row."""
        words = {column.key: str(column.label) for column in COLUMNS}
        return words | {"hot": _("Hot"), "moment": str(self.columns[-1].label)}

    @property
    def headings(self) -> Iterator[Heading]:
        for column in self.columns:
            if not column.order:
                yield Heading(column, "", "")
                continue
            direction = {column.key: "ascending", f"-{column.key}": "descending"}.get(self.sort, "")
            down_next = direction == "ascending" or (not direction and column.newest_first)
            yield Heading(
                column, self._query(sort=("-" if down_next else "") + column.key, page=None), direction
            )

    @cached_property
    def chips(self) -> list[Chip]:
        """Each value that narrows the list, and the address without it."""
        return list(self._chips())

    def _chips(self) -> Iterator[Chip]:
        form = self.filters.form
        for name, field in form.fields.items():
            value = form.cleaned_data.get(name)
            if value in (None, "", []):
                continue
            several = value if isinstance(value, list) else [value]
            for one in several:
                rest = [str(other) for other in several if other != one] or None
                yield Chip(
                    f"{field.label}: {_in_words(field, one)}", self._query(**{name: rest, "page": None})
                )

    @cached_property
    def narrow(self) -> dict[str, str]:
        """For links in cells: the address up to the value, which is still to come. The name opens the lead, the others filter."""
        cells = {name: self._up_to(name) for name in ("company", "stage", "source", "owner")}
        return cells | {"lead": reverse("leads:list")}

    @property
    def query(self) -> str:
        """The address of this view without its page: for the file."""
        return self._query(page=None)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the form of filters must not lose: the order, and from which saved view it began."""
        sort = [("sort", self.sort)] if self.sort != self._first_sort else []
        return sort + [("saved", saved) for saved in self.parameters.getlist("saved")[:1]]

    @property
    def is_last_page(self) -> bool:
        return self.is_capped and self.page_number == CAP // PAGE

    @property
    def own_query(self) -> str:
        return self._query()

    @cached_property
    def moment(self) -> Column | None:
        """The moment by which the list is narrowed, when it is another than the capture."""
        given = self.filters.form.cleaned_data
        wanted = (name for name in MOMENT_COLUMNS if given.get(f"{name}_from") or given.get(f"{name}_to"))
        return MOMENT_COLUMNS.get(next(wanted, ""))

    @property
    def columns(self) -> list[Column]:
        return [*COLUMNS[:-1], self.moment or COLUMNS[-1]]

    # Mechanics

    @property
    def _first_sort(self) -> str:
        """The newest first: by the moment that narrows the list, which then has its index for both."""
        return f"-{self.moment.key}" if self.moment else FIRST_SORT

    def _name_what_is_not_understood(self) -> None:
        for name, errors in self.filters.errors.items():
            label = self.filters.form.fields[name].label
            self.problems += [f"{label}: {error} {_('This filter is left out.')}" for error in errors]
        known = {*self.filters.form.fields, *BESIDES_FILTERS}
        self.problems += [
            _("There is no filter “%(name)s”; it is left out.") % {"name": name[:40]}
            for name in self.parameters
            if name not in known
        ][:5]

    @property
    def _moment_shown(self) -> str:
        """The last column shows the moment by which the list is narrowed."""
        name = self.moment.key if self.moment else "captured"
        return "closed_at" if name in SHARED_COLUMN else f"{name}_at"

    def _sort(self) -> str:
        sort = self.parameters.get("sort") or self._first_sort
        if sort.removeprefix("-") in SORTABLE:
            return sort
        self.problems.append(_("The list cannot be sorted by “%(name)s”.") % {"name": sort[:40]})
        return self._first_sort

    def _page_number(self) -> int:
        text = self.parameters.get("page") or "1"
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
        if 1 <= number <= CAP // PAGE:
            return number
        self.problems.append(_("There is no page “%(page)s”; this is the first.") % {"page": text[:40]})
        return 1

    def _order(self) -> list[OrderBy]:
        ascending = SORTABLE[self.sort.removeprefix("-")].order
        if not self.sort.startswith("-"):
            return list(ascending)
        return [OrderBy(part.expression, descending=not part.descending) for part in ascending]

    def _up_to(self, name: str) -> str:
        rest = self._query(**{name: None, "page": None})
        return f"{rest}&{name}=" if len(rest) > 1 else f"?{name}="

    def _query(self, **changes: Any) -> str:
        """The present address with changes; what is empty stays out of it."""
        query = self.parameters.copy()
        for name, value in changes.items():
            if value is None:
                query.pop(name, None)
            else:
                query.setlist(name, value if isinstance(value, list) else [value])
        for name in list(query):
            query.setlist(name, [value for value in query.getlist(name) if value])
        return f"?{query.urlencode()}" if query else "?"


def _in_words(field: Any, value: Any) -> str:
    if isinstance(field, OneOfField):
        return field.words(value)
    if hasattr(value, "astimezone"):
        return words.short_date(value)
    choices = dict(getattr(field, "choices", ()))
    return str(choices.get(value, value))
