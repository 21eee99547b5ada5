"""The agreement and its terms, for other software."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import (
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from leads.api_shapes import PersonShape
from sla import promises, rules_in_words
from sla.models import Agreement, Term
from smarketing.api.idempotency import IdempotentView
from smarketing.api.paging import PAGES, CappedPages, page_of
from smarketing.api.problem import answers
from smarketing.api.reading import show, show_all
from smarketing.requests import ApiRequest


class TermShape(serializers.ModelSerializer):
    owner = serializers.CharField(source="side")
    sentence = serializers.SerializerMethodField()
    how_measured = serializers.SerializerMethodField()

    class Meta:
        model = Term
        fields = [
            "key", "kind", "owner", "sentence", "how_measured", "target_count", "target_seconds", "target_share", "target_amount", "min_days",
            "cohort_months", "period", "excluded_sources", "exceptions",
        ]  # fmt: skip

    def get_sentence(self, term: Term) -> str:
        return promises.sentence(term)

    def get_how_measured(self, term: Term) -> str:
        return promises.how_measured(term)


class SignatureShape(serializers.Serializer):
    side = serializers.CharField()
    signed_by = PersonShape()
    signed_at = serializers.DateTimeField()


class RuleShape(serializers.Serializer):
    """One way in which it measures, flags or hands round, in words."""

    key = serializers.CharField()
    what = serializers.CharField()
    text = serializers.CharField()


class AgreementShape(serializers.ModelSerializer):
    in_force_from = serializers.DateField(source="starts_on")
    terms = TermShape(many=True)
    signatures = SignatureShape(many=True)
    rules = serializers.SerializerMethodField()

    @extend_schema_field(RuleShape(many=True))
    def get_rules(self, agreement: Agreement) -> list[dict[str, str]]:
        told = rules_in_words.statements(agreement)
        return [{"key": key, "what": str(what), "text": text} for key, (what, text) in told.items() if text]

    class Meta:
        model = Agreement
        fields = [
            "id", "version", "state", "in_force_from", "in_force_at", "superseded_at", "review_on", "note", "contact_counts", "brief_items",
            "warn_points", "ladder", "acknowledgement_minutes", "pause_limits", "intake_seat", "overflow", "routing_shares", "signers", "rules",
            "content_hash", "previous_hash", "terms", "signatures",
        ]  # fmt: skip


class Agreements(IdempotentView):
    @extend_schema(
        operation_id="agreements_list", parameters=PAGES, responses=answers(_200=page_of(AgreementShape))
    )
    def get(self, request: ApiRequest) -> Response:
        """Every version, the newest first."""
        pages = CappedPages()
        rows = pages.paginate_queryset(_with_terms(Agreement.objects.order_by("-version")), request, self)
        return pages.get_paginated_response(show_all(AgreementShape, rows))


class CurrentAgreement(IdempotentView):
    @extend_schema(operation_id="agreements_current", responses=answers(_200=AgreementShape))
    def get(self, request: ApiRequest) -> Response:
        """The version in force; 404 while there is none."""
        agreement = _with_terms(Agreement.objects.filter(state="IN_FORCE")).first()
        if agreement is None:
            raise NotFound("No agreement is in force yet.")
        return Response(show(AgreementShape, agreement))


def _with_terms(agreements: QuerySet[Agreement]) -> QuerySet[Agreement]:
    terms = Prefetch("terms", Term.objects.order_by("position", "id"))
    related = agreements.select_related("marketing_calendar", "sales_calendar", "criteria_set")
    return related.prefetch_related(terms, "signatures__signed_by")
