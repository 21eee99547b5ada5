"""How far the claims of a hand-off are checked: `{% claims_checked claims as done %}`."""

from __future__ import annotations

from collections.abc import Sequence

from django import template

from handoff.claims import Claim

register = template.Library()


@register.simple_tag
def claims_checked(claims: Sequence[Claim]) -> int:
    return sum(claim.check is not None for claim in claims)
