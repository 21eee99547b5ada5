"""Charts as inline SVG, drawn by the server. Each says its sentence; a mark that counts something can be a link."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from smarketing import charts, words, written_funnel
from smarketing.charts import Number

register = template.Library()


@register.simple_tag
def bullet(
    label: str, value: Number, target: Number, expected: Number | None = None, sentence: str = ""
) -> SafeString:
    """{% bullet "Sales-ready" 118 160 expected=122 %}: is against target, with what was expected by today.

    Written here as a sparkline is.
    """
    said = _("%(label)s: %(value)s of %(target)s.") % {
        "label": label,
        "value": words.number(value),
        "target": words.number(target),
    }
    if expected is not None:
        said += " " + _("Expected by today: %s.") % words.number(expected)
    at = charts.Bullet.of(value, target, expected)
    return mark_safe(
        f'<svg class="chart chart--fluid" width="100%" height="20" role="img" aria-label="{escape(sentence or said)}">'
        '<rect class="chart__range-3" width="100%" height="20" rx="2"/>'
        f'<rect class="chart__range-2" width="{at.target}%" height="20" rx="2"/>'
        f'<rect class="chart__range-1" width="{at.expected}%" height="20" rx="2"/>'
        f'<rect class="chart__bar" y="6" width="{at.bar}%" height="8"/>'
        f'<rect class="chart__halo" x="{at.target}%" y="1" width="4" height="18" transform="translate(-2 0)"/>'
        f'<rect class="chart__target" x="{at.target}%" y="1" width="2" height="18" transform="translate(-1 0)"/></svg>'
    )


@register.inclusion_tag("components/charts/_bar.html")
def bar(value: Number | None, whole: Number, kind: str = "", height: int = 16) -> dict[str, Any]:
    """{% bar count highest "mkt" %}: a bar from the left edge; the words stand beside it, so it is silent."""
    return {"width": charts.part_of(value, whole), "kind": kind, "height": height}


@register.simple_tag
def funnel(steps: Sequence[Any], label: str, compared: str = "", line_words: str = "") -> SafeString:
    """{% funnel steps label=… %}: horizontal bars from one left edge, owner strip, the hand-off line where the side changes.

    A step has label, count, side (MARKETING or SALES), and where known url, share (of the step before, 0 to 1),
    seconds (median time on the wall clock since capture), change (words: "+4 pt"), note. `compared` heads the change.
    """
    return written_funnel.written(steps, label, compared, line_words or _("hand-off"))


@register.simple_tag
def table_rows(rows: Iterable[Sequence[str]]) -> SafeString:
    """{% table_rows rows %}: the lines of a table of which each begins with its name; the other cells are numbers in words."""
    return mark_safe(
        "".join(
            f'<tr><th scope="row">{conditional_escape(name)}</th>'
            + "".join(f'<td class="num">{conditional_escape(cell)}</td>' for cell in cells)
            + "</tr>"
            for name, *cells in rows
        )
    )


@register.simple_tag
def sparkline(
    values: Sequence[Number | None], label: str, low: Number | None = None, top: Number | None = None
) -> SafeString:
    """{% sparkline counts "Leads, 12 weeks" %}: a word-sized line, the last value dotted, its own scale unless given one.

    Written here and not in a template: a table has one in every row.
    """
    drawn = charts.points(values, 96, 20, low, top)
    known = [value for value in values if value is not None]
    said = _("no values") if not known else _("lowest %(low)s, highest %(high)s, last %(last)s") % {
        "low": words.number(min(known)), "high": words.number(max(known)), "last": words.number(known[-1]),
    }  # fmt: skip
    line = f'<path class="chart__line" d="{path}"/>' if (path := charts.path(drawn)) else ""
    last = next((point for point in reversed(drawn) if point), None)
    dot = f'<circle class="chart__dot" cx="{last.x}" cy="{last.y}" r="2"/>' if last else ""
    return mark_safe(
        '<svg class="chart sparkline" width="96" height="20" viewBox="0 0 96 20" role="img" '
        f'aria-label="{escape(f"{label}: {said}")}">{line}{dot}</svg>'
    )


@register.inclusion_tag("components/charts/_multiple.html")
def multiple(values: Sequence[Number | None], top: Number, label: str) -> dict[str, Any]:
    """{% multiple counts highest_of_all "Webinar" %}: one of several small charts that share a scale from 0."""
    drawn = charts.points(values, 180, 64, low=0, top=top)
    known = [value for value in values if value is not None]
    said = (
        _("from %(first)s to %(last)s") % {"first": words.number(known[0]), "last": words.number(known[-1])}
        if known
        else _("no values")
    )
    return {
        "path": charts.path(drawn),
        "last": next((p for p in reversed(drawn) if p), None),
        "sentence": f"{label}: {said}",
    }


@register.inclusion_tag("components/charts/_histogram.html")
def histogram(
    buckets: Sequence[Any], label: str, promised: int | None = None, promise_words: str = ""
) -> dict[str, Any]:
    """{% histogram buckets "Speed to lead" promised=3 promise_words="promised 4 h" %}: buckets have label, count, url.

    The rule stands after the first `promised` buckets. Counts stand on the columns, labels under them, the words of the rule above all.
    """
    drawn = charts.columns([bucket.count for bucket in buckets], height=64)
    marks = [
        {
            "bucket": bucket,
            "at": column,
            "text_y": round(column.y + 28, 2),
            "said": f"{bucket.label}: {words.number(bucket.count)}",
        }
        for bucket, column in zip(buckets, drawn, strict=True)
    ]
    said = "; ".join(mark["said"] for mark in marks)
    rule = None if promised is None or not buckets else round(100 * promised / len(buckets), 2)
    linked = any(getattr(bucket, "url", "") for bucket in buckets)
    return {
        "marks": marks,
        "sentence": f"{label}. {said}.",
        "rule": rule,
        "promise_words": promise_words,
        "linked": linked,
    }
