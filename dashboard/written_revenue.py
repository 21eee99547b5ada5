"""The lines of "What brings revenue?" as HTML, written in one go, as `leads/written_rows.py` does for the long list: there is one for each source or campaign."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString, mark_safe

from dashboard.promises import FEW
from dashboard.revenue import Row
from smarketing import words
from smarketing.templatetags.charts import sparkline


def written(rows: Iterable[Row]) -> SafeString:
    """Its name, leads, accepted ones and customers, each a link to exactly these leads, the conversion, the amount and the trend."""
    return mark_safe("".join(map(_row, rows)))


def _row(row: Row) -> str:
    """Of few leads the conversion says little, and the line says of how many it is."""
    few, of = (" few", f' <span class="meta">n = {row.leads}</span>') if row.leads < FEW else ("", "")
    return (
        f'<tr>\n<th scope="row">{escape(row.label)}</th>\n'
        f'<td class="num">{_link(row.leads_url, words.number(row.leads))}</td>\n'
        f'<td class="num">{_link(row.accepted_url, words.number(row.accepted))}</td>\n'
        f'<td class="num">{_link(row.customers_url, words.number(row.customers))}</td>\n'
        f'<td class="num{few}">{escape(words.percent(row.conversion, 1))}{of}</td>\n'
        f'<td class="num">{_link(row.customers_url, words.money(row.amount, cents=False))}</td>\n'
        f"<td>{sparkline(row.trend, row.label)}</td>\n</tr>\n"
    )


def _link(url: str, said: str) -> str:
    return f'<a href="{escape(url)}">{escape(said)}</a>'
