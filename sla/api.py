"""Hand-offs with their clocks, clocks with their arithmetic, the agreement: for other software."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    extend_schema,
    extend_schema_field,
    extend_schema_serializer,
)
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.response import Response

from handoff import access as handoff_access
from handoff.api import HandoffShape
from handoff.models import Channel, Handoff, Result, ReturnReason, State
from leads.api_shapes import PersonShape
from sla import access, inspection, promises, rules_in_words
from sla.clock_status import status_of
from sla.models import Agreement, Clock, Measure, Term, WhatIfState
from sla.scorecard.api import urlpatterns as scorecard_urls
from sla.what_if import result, running
from smarketing.api.fields import MomentField, WordsField
from smarketing.api.idempotency import IdempotentView
from smarketing.api.paging import CappedPages, page_of
from smarketing.api.problem import answers
from smarketing.api.reading import read, show, show_all
from smarketing.requests import ApiRequest

PAGES = [OpenApiParameter("page", int), OpenApiParameter("page_size", int)]
YES_OR_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class ClockShape(serializers.Serializer):
    """`state` is what people see: late, soon, calm, paused, met, cancelled or void. `remaining_seconds` of working time, negative when late."""

    id = serializers.IntegerField()
    handoff = serializers.IntegerField(source="handoff_id")
    measure = serializers.CharField()
    owner = serializers.CharField(source="side")
    state = serializers.SerializerMethodField()
    started_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    stopped_at = serializers.DateTimeField(allow_null=True)
    breached_at = serializers.DateTimeField(allow_null=True)
    target_seconds = serializers.IntegerField()
    remaining_seconds = serializers.SerializerMethodField()

    def get_state(self, clock: Clock) -> str:
        return status_of(clock, self.context["now"]).state

    def get_remaining_seconds(self, clock: Clock) -> int | None:
        status = status_of(clock, self.context["now"])
        if status.is_over or status.seconds is None:
            return None
        return -status.seconds if status.state == "late" else status.seconds


class HandoffWithClockShape(HandoffShape):
    """`clock` is the one that asks for the next act: the answer, then the first contact. `clocks` are all."""

    clock = serializers.SerializerMethodField()
    clocks = ClockShape(many=True, source="all_clocks")

    class Meta(HandoffShape.Meta):
        fields = [*HandoffShape.Meta.fields, "clock", "clocks"]

    def get_clock(self, handoff: Any) -> dict[str, Any] | None:
        running = [clock for clock in handoff.all_clocks if clock.state in ("RUNNING", "PAUSED")]
        clocks = sorted(
            running or handoff.all_clocks,
            key=lambda clock: (clock.measure != "ANSWER" if running else clock.measure == "ANSWER", clock.pk),
        )
        return ClockShape(clocks[0], context=self.context).data if clocks else None


class QuestionShape(serializers.Serializer):
    question = WordsField(max_length=500, required=True, allow_blank=False)


class ReplyShape(serializers.Serializer):
    answer = WordsField(max_length=1_000, required=True, allow_blank=False)


class ReturnShape(serializers.Serializer):
    reason = serializers.ChoiceField(choices=[(reason.lower(), reason.label) for reason in ReturnReason])
    note = WordsField(max_length=500)


SPOKEN = OpenApiExample(
    "A call",
    request_only=True,
    value={"channel": "call", "result": "spoke", "note": "Wants to see it on Thursday"},
)


@extend_schema_serializer(examples=[SPOKEN])
class ContactLogShape(serializers.Serializer):
    channel = serializers.ChoiceField(choices=[(channel.lower(), channel.label) for channel in Channel])
    result = serializers.ChoiceField(choices=[(result.lower(), result.label) for result in Result])
    occurred_at = MomentField()
    note = WordsField(max_length=5_000, many_lines=True)


class NothingShape(serializers.Serializer):
    """An empty body."""


class ExplanationShape(serializers.Serializer):
    start = serializers.DateTimeField()
    due = serializers.DateTimeField(allow_null=True)
    target_seconds = serializers.IntegerField()
    blocks = serializers.ListField(child=serializers.DictField())
    holidays = serializers.ListField(child=serializers.DictField())
    pauses = serializers.ListField(child=serializers.DictField())
    warnings = serializers.ListField(child=serializers.DateTimeField())
    segments = serializers.ListField(child=serializers.DictField())
    class_changes = serializers.ListField(child=serializers.DictField())
    moves = serializers.ListField(child=serializers.DictField())
    text = serializers.CharField()


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


class WhatIfSideShape(serializers.Serializer):
    """One promise under one of the two texts: a share in percent, or a number a month."""

    actual = serializers.FloatField(allow_null=True)
    target = serializers.FloatField(allow_null=True)
    cases = serializers.IntegerField()
    missed = serializers.IntegerField(allow_null=True)
    misses_url = serializers.CharField(allow_null=True)


class WhatIfTermShape(serializers.Serializer):
    key = serializers.CharField()
    sentence = serializers.CharField()
    then = WhatIfSideShape()
    now = WhatIfSideShape()
    moves = serializers.DictField(child=serializers.IntegerField())


class WhatIfShape(serializers.Serializer):
    """`terms` is empty until `state` is DONE."""

    state = serializers.ChoiceField(choices=WhatIfState.choices)
    to = serializers.DateField()
    compared_to = serializers.IntegerField(allow_null=True)
    handoffs = serializers.IntegerField()
    done = serializers.IntegerField()
    terms = WhatIfTermShape(many=True)

    def get_fields(self) -> dict[str, Any]:
        return {"from": serializers.DateField(), **super().get_fields()}


class HandoffView(IdempotentView):
    """One hand-off through its door, answered with its clocks."""

    def handoff_answer(self, handoff: Handoff) -> Response:
        fresh = with_clocks(Handoff.objects.filter(pk=handoff.pk)).get()
        return Response(HandoffWithClockShape(fresh, context={"now": timezone.now()}).data)


class Handoffs(HandoffView):
    FILTERS = ("state", "receiver", "sender", "hot", "overdue", "page", "page_size")

    @extend_schema(
        operation_id="handoffs_list",
        parameters=[
            OpenApiParameter("state", enum=State.values, many=True), OpenApiParameter("receiver", description="A colleague's number, “mine” or “pool”."),
            OpenApiParameter("sender", description="A colleague's number or “mine”."), OpenApiParameter("hot", bool), OpenApiParameter("overdue", bool), *PAGES,
        ],
        responses=answers(_200=page_of(HandoffWithClockShape)),
    )  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        """Hand-offs, the latest first."""
        now, pages = timezone.now(), CappedPages()
        if unknown := sorted(set(request.query_params) - set(self.FILTERS)):
            raise ValidationError({name[:80]: ["There is no such filter."] for name in unknown[:10]})
        rows = pages.paginate_queryset(
            with_clocks(_narrowed(request, now)).order_by("-sent_at", "-id"), request, self
        )
        return pages.get_paginated_response(HandoffWithClockShape(rows, many=True, context={"now": now}).data)


class OneHandoff(HandoffView):
    @extend_schema(operation_id="handoffs_read", responses=answers(_200=HandoffWithClockShape))
    def get(self, request: ApiRequest, handoff_id: int) -> Response:
        return self.handoff_answer(handoff_access.get_handoff_to_read(request.user, handoff_id))


class Accept(HandoffView):
    @extend_schema(
        operation_id="handoff_accept", request=NothingShape, responses=answers(_200=HandoffWithClockShape)
    )
    def post(self, request: ApiRequest, handoff_id: int) -> Response:
        handoff = handoff_access.get_handoff_to_answer(request.user, handoff_id)
        handoff.accept(by=request.user, at=timezone.now())
        return self.handoff_answer(handoff)


class Claim(HandoffView):
    @extend_schema(
        operation_id="handoff_claim", request=NothingShape, responses=answers(_200=HandoffWithClockShape)
    )
    def post(self, request: ApiRequest, handoff_id: int) -> Response:
        handoff = handoff_access.get_handoff_to_claim(request.user, handoff_id)
        handoff.claim(by=request.user, at=timezone.now())
        return self.handoff_answer(handoff)


class Return(HandoffView):
    @extend_schema(
        operation_id="handoff_return", request=ReturnShape, responses=answers(_200=HandoffWithClockShape)
    )
    def post(self, request: ApiRequest, handoff_id: int) -> Response:
        handoff = handoff_access.get_handoff_to_answer(request.user, handoff_id)
        given = read(ReturnShape, request)
        handoff.return_(given["reason"].upper(), given.get("note", ""), by=request.user, at=timezone.now())
        return self.handoff_answer(handoff)


class Ask(HandoffView):
    @extend_schema(
        operation_id="handoff_ask", request=QuestionShape, responses=answers(_200=HandoffWithClockShape)
    )
    def post(self, request: ApiRequest, handoff_id: int) -> Response:
        handoff = handoff_access.get_handoff_to_answer(request.user, handoff_id)
        handoff.ask(read(QuestionShape, request)["question"], by=request.user, at=timezone.now())
        return self.handoff_answer(handoff)


class Answer(HandoffView):
    @extend_schema(
        operation_id="handoff_answer", request=ReplyShape, responses=answers(_200=HandoffWithClockShape)
    )
    def post(self, request: ApiRequest, handoff_id: int) -> Response:
        handoff = handoff_access.get_handoff_to_reply(request.user, handoff_id)
        handoff.reply(read(ReplyShape, request)["answer"], by=request.user, at=timezone.now())
        return self.handoff_answer(handoff)


class Contact(HandoffView):
    @extend_schema(
        operation_id="handoff_contact", request=ContactLogShape, responses=answers(_200=HandoffWithClockShape)
    )
    def post(self, request: ApiRequest, handoff_id: int) -> Response:
        """A contact that was made; the earliest by occurrence is the first one."""
        handoff = handoff_access.get_handoff_to_contact(request.user, handoff_id)
        given = read(ContactLogShape, request)
        handoff.log_contact(
            given["channel"].upper(),
            given["result"].upper(),
            occurred_at=given.get("occurred_at"),
            note=given.get("note", ""),
            by=request.user,
            at=timezone.now(),
        )
        return self.handoff_answer(handoff)


class Clocks(IdempotentView):
    STATES = ["late", "soon", "calm", "paused", "met", "cancelled", "void"]

    @extend_schema(
        operation_id="clocks_list",
        parameters=[
            OpenApiParameter("state", enum=STATES),
            OpenApiParameter("measure", enum=Measure.values),
            *PAGES,
        ],
        responses=answers(_200=page_of(ClockShape)),
    )
    def get(self, request: ApiRequest) -> Response:
        """Clocks, the latest started first."""
        now, pages = timezone.now(), CappedPages()
        asked = request.query_params
        if unknown := sorted(set(asked) - {"state", "measure", "page", "page_size"}):
            raise ValidationError({name[:80]: ["There is no such filter."] for name in unknown[:10]})
        clocks = Clock.objects.all()
        if "state" in asked:
            clocks = clocks.in_state(_one_of(asked["state"], self.STATES, "state"), now)
        if "measure" in asked:
            clocks = clocks.filter(measure=_one_of(asked["measure"], Measure.values, "measure"))
        rows = pages.paginate_queryset(
            clocks.with_all_for_chips().order_by("-started_at", "-id"), request, self
        )
        return pages.get_paginated_response(ClockShape(rows, many=True, context={"now": now}).data)


class Explain(IdempotentView):
    @extend_schema(operation_id="clocks_explain", responses=answers(_200=ExplanationShape))
    def get(self, request: ApiRequest, clock_id: int) -> Response:
        """How the due moment came about, block by block."""
        return Response(inspection.as_data(access.get_clock_to_read(request.user, clock_id), timezone.now()))


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


class AgreementWhatIf(IdempotentView):
    @extend_schema(operation_id="agreements_what_if", responses=answers(_200=WhatIfShape))
    def get(self, request: ApiRequest, agreement_id: int) -> Response:
        """What the last 13 weeks would have looked like under this text; 404 until somebody asked."""
        agreement = access.get_agreement_to_read(request.user, agreement_id)
        answer = running.answer_for(agreement)
        if answer is None:
            raise NotFound("Nobody has asked this about the present text yet.")
        return Response(WhatIfShape(result.as_data(answer)).data)

    @extend_schema(
        operation_id="agreements_ask_what_if", request=NothingShape, responses=answers(_200=WhatIfShape)
    )
    def post(self, request: ApiRequest, agreement_id: int) -> Response:
        """Asks. A quarter with many hand-offs is worked out in the background: read it until it is DONE."""
        agreement = access.get_agreement_to_draft(request.user, agreement_id)
        asked = running.ask(agreement, by=request.user, at=timezone.now())
        return Response(WhatIfShape(result.as_data(asked)).data)


urlpatterns = [
    path("handoffs/", Handoffs.as_view(), name="api_handoffs"),
    path("handoffs/<int:handoff_id>/", OneHandoff.as_view(), name="api_handoff"),
    path("handoffs/<int:handoff_id>/accept/", Accept.as_view(), name="api_handoff_accept"),
    path("handoffs/<int:handoff_id>/claim/", Claim.as_view(), name="api_handoff_claim"),
    path("handoffs/<int:handoff_id>/return/", Return.as_view(), name="api_handoff_return"),
    path("handoffs/<int:handoff_id>/ask/", Ask.as_view(), name="api_handoff_ask"),
    path("handoffs/<int:handoff_id>/answer/", Answer.as_view(), name="api_handoff_answer"),
    path("handoffs/<int:handoff_id>/contact/", Contact.as_view(), name="api_handoff_contact"),
    path("clocks/", Clocks.as_view(), name="api_clocks"),
    path("clocks/<int:clock_id>/explain/", Explain.as_view(), name="api_clock_explain"),
    path("agreements/", Agreements.as_view(), name="api_agreements"),
    path("agreements/<int:agreement_id>/what-if/", AgreementWhatIf.as_view(), name="api_agreement_what_if"),
    path("agreements/current/", CurrentAgreement.as_view(), name="api_agreement_current"),
    *scorecard_urls,
]


def with_clocks(handoffs: QuerySet[Handoff]) -> QuerySet[Handoff]:
    """With everything that HandoffWithClockShape reads."""
    clocks = Prefetch("clocks", Clock.objects.with_all_for_chips().order_by("id"), to_attr="all_clocks")
    return handoffs.select_related("lead__contact", "lead__company", "sender", "receiver").prefetch_related(
        "brief_items", clocks
    )


def _with_terms(agreements: QuerySet[Agreement]) -> QuerySet[Agreement]:
    terms = Prefetch("terms", Term.objects.order_by("position", "id"))
    related = agreements.select_related("marketing_calendar", "sales_calendar", "criteria_set")
    return related.prefetch_related(terms, "signatures__signed_by")


def _narrowed(request: ApiRequest, now: Any) -> QuerySet[Handoff]:
    asked, handoffs = request.query_params, Handoff.objects.all()
    if "state" in asked:
        handoffs = handoffs.filter(
            state__in=[_one_of(state.upper(), State.values, "state") for state in asked.getlist("state")]
        )
    for name in ("receiver", "sender"):
        if name in asked:
            handoffs = handoffs.filter(**_person(name, asked[name], request))
    if "hot" in asked:
        handoffs = handoffs.filter(hot=_yes_or_no(asked["hot"], "hot"))
    if "overdue" in asked:
        overdue = Clock.objects.overdue(now).values("handoff")
        handoffs = (
            handoffs.filter(pk__in=overdue)
            if _yes_or_no(asked["overdue"], "overdue")
            else handoffs.exclude(pk__in=overdue)
        )
    return handoffs


def _person(name: str, asked: str, request: ApiRequest) -> dict[str, Any]:
    if asked == "mine":
        return {name: request.user}
    if asked == "pool" and name == "receiver":
        return {"receiver__isnull": True}
    if asked.isascii() and asked.isdigit() and len(asked) < 19:
        return {f"{name}_id": int(asked)}
    raise ValidationError({name: ["Give a colleague's number or “mine”."]})


def _one_of(asked: str, known: list[str], name: str) -> str:
    if asked not in known:
        raise ValidationError({name: [f"Choose one of {', '.join(known)}."]})
    return asked


def _yes_or_no(asked: str, name: str) -> bool:
    if asked.lower() not in YES_OR_NO:
        raise ValidationError({name: ["Say true or false."]})
    return YES_OR_NO[asked.lower()]
