"""The rows of the long list, written in one go: fifty rows through a template cost more than everything else on the page.

What a person typed passes through `_text`, and nothing else puts words into a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from html import escape
from typing import Any, NamedTuple
from urllib.parse import quote

from django.utils.safestring import SafeString, mark_safe

from leads.models import Lead
from leads.models.lead import called
from leads.templatetags.leads import day, stage_badge
from smarketing.accounts.models import person_name
from smarketing.prepared import Prepared
from smarketing.templatetags.look import icon
from smarketing.templatetags.words import moment


class ListedLead(NamedTuple):
    """What a row shows. Fifty leads with all that belongs to them cost more to load than to show."""

    pk: int
    stage: str
    hot_at: datetime | None
    first_name: str
    last_name: str
    email: str
    job_title: str
    company_id: int | None
    company: str | None
    source_key: str | None
    source: str | None
    campaign: str | None
    owner_id: int | None
    owner_first_name: str | None
    owner_last_name: str | None
    owner_email: str | None
    next_step: str
    next_step_at: datetime | None
    shown_at: datetime

    @property
    def name(self) -> str:
        return called(f"{self.first_name} {self.last_name}".strip(), self.company, self.email, self.pk)

    @property
    def owner(self) -> str:
        return person_name(self.owner_first_name or "", self.owner_last_name or "", self.owner_email or "")


def listed_leads(numbers: Iterable[int], *, shown_at: str) -> list[ListedLead]:
    """These leads, in no order; `shown_at` is the column with the moment that they show."""
    return [ListedLead(*row) for row in _listed(shown_at).rows(numbers=list(numbers))]


@cache
def _listed(shown_at: str) -> Prepared:
    of_contact = ("first_name", "last_name", "email", "job_title")
    of_owner = ("first_name", "last_name", "email")
    columns = (
        *("pk", "stage", "hot_at"),
        *(f"contact__{name}" for name in of_contact),
        *("company_id", "company__name", "source__key", "source__name", "campaign__name", "owner_id"),
        *(f"owner__{name}" for name in of_owner),
        *("next_step", "next_step_at", shown_at),
    )
    return Prepared(
        lambda numbers: Lead.objects.filter(pk__any_of=numbers).values_list(*columns), numbers=list
    )


def written(
    leads: Iterable[ListedLead], *, words: Mapping[str, str], narrow: Mapping[str, str]
) -> SafeString:
    """`words` are what the cells are called on a phone, `narrow` the addresses up to the value by which a cell narrows the list."""
    row = _Row(
        {key: _text(word) for key, word in words.items()},
        {key: _text(up_to) for key, up_to in narrow.items()},
    )
    return mark_safe("".join(map(row.of, leads)))


class _Row:
    def __init__(self, words: dict[str, str], narrow: dict[str, str]) -> None:
        self.words, self.narrow = words, narrow
        self.hot = f' <span class="nowrap meta">{icon("flame", 14)} {words["hot"]}</span>'

    def of(self, lead: ListedLead) -> str:
        words = self.words
        return (
            f'<tr id="lead-{lead.pk}" data-row>\n'
            f'<th scope="row"><a class="table__name" href="{self.narrow["lead"]}{lead.pk}/" data-open><bdi>{_text(lead.name)}</bdi></a>{_job_title(lead)}</th>\n'
            f'<td data-label="{words["company"]}">{self._company(lead)}</td>\n'
            f'<td data-label="{words["stage"]}">{self._link("stage", lead.stage, stage_badge(lead.stage))}{self.hot if lead.hot_at else ""}</td>\n'
            f'<td class="col-2" data-label="{words["source"]}">{self._source(lead)}</td>\n'
            f'<td class="col-2" data-label="{words["owner"]}">{self._owner(lead)}</td>\n'
            f'<td class="col-3" data-label="{words["next_step"]}">{_next_step(lead)}</td>\n'
            f'<td class="nowrap" data-label="{words["moment"]}">{day(lead.shown_at)}</td>\n'
            "</tr>\n"
        )

    def _company(self, lead: ListedLead) -> str:
        return (
            self._link("company", lead.company_id, f"<bdi>{_text(lead.company)}</bdi>")
            if lead.company
            else ""
        )

    def _source(self, lead: ListedLead) -> str:
        if lead.source is None:
            return ""
        link = self._link("source", lead.source_key, _text(lead.source))
        return f'{link} <span class="meta">{_text(lead.campaign)}</span>' if lead.campaign else link

    def _owner(self, lead: ListedLead) -> str:
        return self._link("owner", lead.owner_id, _text(lead.owner)) if lead.owner_id else ""

    def _link(self, filter_name: str, value: Any, shown: str) -> str:
        return f'<a class="table__filter" href="{self.narrow[filter_name]}{_text(quote(str(value)))}">{shown}</a>'


def _job_title(lead: ListedLead) -> str:
    title = lead.job_title
    return f'<span class="meta"><bdi>{_text(title)}</bdi></span>' if title else ""


def _next_step(lead: ListedLead) -> str:
    if not lead.next_step_at:
        return ""
    return f'<bdi>{_text(lead.next_step)}</bdi> <span class="meta">{moment(lead.next_step_at, "due")}</span>'


def _text(value: Any) -> str:
    return escape(str(value))
