"""Drafts of a brief, returns and what is decided about them, claims and how often they hold: for other software."""

from __future__ import annotations

from typing import Any

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from handoff import access, claims, delivering, drafting, precision, returning
from handoff.models import Finding, Handoff
from leads.api_shapes import PersonShape
from leads.models import Lead
from smarketing import periods
from smarketing.accounts.models import User
from smarketing.api.fields import WordsField
from smarketing.api.idempotency import IdempotentView
from smarketing.api.problem import answers
from smarketing.api.reading import read, show_all
from smarketing.rates import Rate
from smarketing.requests import ApiRequest

DECISIONS = ("upheld", "rejected")


class DecisionShape(serializers.Serializer):
    side = serializers.CharField()
    decision = serializers.SerializerMethodField()
    words = serializers.CharField()
    decided_by = PersonShape()
    decided_at = serializers.DateTimeField()

    def get_decision(self, decision: Any) -> str:
        return "upheld" if decision.upheld else "rejected"


class ReturnedShape(serializers.Serializer):
    """`state`: OPEN and REJECTED wait for marketing, CONTESTED for both team leads; the others are settled."""

    state = serializers.CharField()
    reason = serializers.CharField()
    note = serializers.CharField()
    returned_by = PersonShape()
    returned_at = serializers.DateTimeField()
    settlement = serializers.CharField()
    settled_by = PersonShape(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)
    contest = serializers.CharField(source="contest_words")
    decisions = DecisionShape(many=True, source="decisions.all")


class ContestShape(serializers.Serializer):
    words = WordsField(max_length=500, required=True, allow_blank=False)


class NewDecisionShape(serializers.Serializer):
    decision = serializers.ChoiceField(choices=[(one, one) for one in DECISIONS])
    words = WordsField(max_length=500)


class ClaimShape(serializers.Serializer):
    id = serializers.CharField()
    kind = serializers.CharField()
    key = serializers.CharField()
    label = serializers.CharField()
    text = serializers.CharField()
    finding = serializers.CharField()
    checked_by = PersonShape(source="check.checked_by", default=None, allow_null=True)
    checked_at = serializers.DateTimeField(source="check.checked_at", default=None, allow_null=True)


class FindingsShape(serializers.Serializer):
    findings = serializers.DictField(
        child=serializers.ChoiceField(choices=[(one.lower(), one.label) for one in Finding]),
        help_text="{claim id: “confirmed”, “denied” or “unknown”}",
    )


class DraftShape(serializers.Serializer):
    brief = serializers.DictField(child=WordsField(max_length=5_000, many_lines=True), required=False)
    waived = serializers.DictField(child=WordsField(max_length=300), required=False)


class KeptDraftShape(serializers.Serializer):
    """`prefilled` names the items that nobody has edited yet, with where their text came from."""

    brief = serializers.DictField(child=serializers.CharField())
    waived = serializers.DictField(child=serializers.CharField())
    prefilled = serializers.DictField(child=serializers.CharField())
    missing = serializers.ListField(child=serializers.CharField())
    kept_at = serializers.DateTimeField(allow_null=True)


class HeldShape(serializers.Serializer):
    label = serializers.CharField()
    confirmed = serializers.IntegerField()
    denied = serializers.IntegerField()
    unknown = serializers.IntegerField()
    precision = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    claims_url = serializers.CharField()


class PrecisionShape(serializers.Serializer):
    definition = serializers.CharField()
    all = HeldShape()
    criteria = HeldShape(many=True)
    brief = HeldShape(many=True)
    sources = HeldShape(many=True)
    marketers = HeldShape(many=True)


class Draft(IdempotentView):
    @extend_schema(operation_id="read_brief_draft", responses=answers(_200=KeptDraftShape))
    def get(self, request: ApiRequest, lead_id: int) -> Response:
        """What the brief of this lead begins with: your draft, or what is known."""
        return self._answer(request.user, access.get_lead_to_hand_over(request.user, lead_id))

    @extend_schema(
        operation_id="keep_brief_draft", request=DraftShape, responses=answers(_200=KeptDraftShape)
    )
    def put(self, request: ApiRequest, lead_id: int) -> Response:
        """Your draft is these texts, until the lead is handed over."""
        lead = access.get_lead_to_hand_over(request.user, lead_id)
        given, now = read(DraftShape, request), timezone.now()
        drafting.keep(
            lead,
            delivering.rules.in_force(now),
            texts=given.get("brief", {}),
            waived=given.get("waived", {}),
            by=request.user,
            at=now,
        )
        return self._answer(request.user, lead)

    def _answer(self, user: User, lead: Lead) -> Response:
        agreed = delivering.rules.in_force(timezone.now())
        begun = drafting.begin(lead, agreed, by=user)
        return Response(
            {
                "brief": begun.texts,
                "waived": begun.waived,
                "prefilled": {key: one["from"] for key, one in begun.prefilled.items()},
                "missing": agreed.refusals(dict(begun.texts), dict(begun.waived))[1],
                "kept_at": begun.kept_at,
            }
        )


class Returns(IdempotentView):
    @extend_schema(operation_id="list_returns", responses=answers(_200=ReturnedShape(many=True)))
    def get(self, request: ApiRequest, handoff_id: int) -> Response:
        """Each time that sales gave this hand-off back, the newest first, and what was done about it."""
        return self.answer(access.get_handoff_to_read(request.user, handoff_id))

    def answer(self, handoff: Handoff) -> Response:
        rows = handoff.returns.select_related("returned_by", "settled_by").order_by("-id")
        return Response(show_all(ReturnedShape, rows.prefetch_related("decisions__decided_by")))


class Contest(Returns):
    http_method_names = ["post", "options"]

    @extend_schema(
        operation_id="contest_return", request=ContestShape, responses=answers(_200=ReturnedShape(many=True))
    )
    def post(self, request: ApiRequest, handoff_id: int) -> Response:
        """Marketing does not agree; the team leads of both sides decide."""
        handoff = access.get_handoff_to_contest(request.user, handoff_id)
        handoff.contest(read(ContestShape, request)["words"], by=request.user, at=timezone.now())
        return self.answer(handoff)


class Decide(Returns):
    http_method_names = ["post", "options"]

    @extend_schema(
        operation_id="decide_contest",
        request=NewDecisionShape,
        responses=answers(_200=ReturnedShape(many=True)),
    )
    def post(self, request: ApiRequest, handoff_id: int) -> Response:
        """What the team lead of one side thinks; it counts once both sides think the same."""
        handoff = access.get_handoff_to_decide(request.user, handoff_id)
        given = read(NewDecisionShape, request)
        returning.decide(
            handoff,
            upheld=given["decision"] == "upheld",
            words=given.get("words", ""),
            by=request.user,
            at=timezone.now(),
        )
        return self.answer(handoff)


class Claims(IdempotentView):
    @extend_schema(operation_id="list_claims", responses=answers(_200=ClaimShape(many=True)))
    def get(self, request: ApiRequest, handoff_id: int) -> Response:
        """What marketing claimed of the lead, and what sales found out."""
        handoff = access.get_handoff_to_read(request.user, handoff_id)
        return Response(show_all(ClaimShape, claims.of(handoff)))

    @extend_schema(
        operation_id="check_claims", request=FindingsShape, responses=answers(_200=ClaimShape(many=True))
    )
    def post(self, request: ApiRequest, handoff_id: int) -> Response:
        """After a conversation: confirmed, denied, or it did not come up."""
        handoff = access.get_handoff_to_contact(request.user, handoff_id)
        given = read(FindingsShape, request)["findings"]
        found = {claim: finding.upper() for claim, finding in given.items()}
        claims.check(handoff, found, by=request.user, at=timezone.now())
        return Response(show_all(ClaimShape, claims.of(handoff)))


PERIOD = [OpenApiParameter("from", str), OpenApiParameter("to", str), OpenApiParameter("period", str)]


class HowOftenClaimsHold(IdempotentView):
    @extend_schema(operation_id="claim_precision", parameters=PERIOD, responses=answers(_200=PrecisionShape))
    def get(self, request: ApiRequest) -> Response:
        """Confirmed / (confirmed + denied), with Wilson's 95 % interval, of the hand-offs sent in the period."""
        try:
            period = periods.read(request.query_params, today=timezone.localdate(), default="this_quarter")
        except periods.UnknownPeriod as error:
            raise ValidationError({"period": [str(error)]}) from error
        measured = precision.measure(period)

        def held(line: precision.Line) -> dict[str, Any]:
            rate: Rate = line.rate
            return {
                "label": line.label,
                "confirmed": line.confirmed,
                "denied": line.denied,
                "unknown": line.unknown,
                "precision": rate.share,
                "low": rate.low,
                "high": rate.high,
                "claims_url": precision.address(period, line.asked),
            }

        groups = ("criteria", "brief", "sources", "marketers")
        return Response(
            {
                "definition": (precision.__doc__ or "").split("\n\n")[0],
                "all": held(measured.all),
                **{name: [held(line) for line in getattr(measured, name)] for name in groups},
            }
        )


urlpatterns = [
    path("leads/<int:lead_id>/brief-draft/", Draft.as_view(), name="api_brief_draft"),
    path("handoffs/<int:handoff_id>/returns/", Returns.as_view(), name="api_handoff_returns"),
    path("handoffs/<int:handoff_id>/contest/", Contest.as_view(), name="api_handoff_contest"),
    path("handoffs/<int:handoff_id>/decide/", Decide.as_view(), name="api_handoff_decide"),
    path("handoffs/<int:handoff_id>/claims/", Claims.as_view(), name="api_handoff_claims"),
    path("claims/precision/", HowOftenClaimsHold.as_view(), name="api_claim_precision"),
]
