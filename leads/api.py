"""Leads for other software. Thin: a door, a shape, one verb."""

from __future__ import annotations

from typing import Any

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from leads import access, activities, api_undo, closing, deals, editing, facts, intake
from leads.api_shapes import (
    ActivityShape,
    AmountShape,
    CapturedShape,
    ChangedLeadShape,
    JudgementShape,
    LeadShape,
    NewActivityShape,
    NewLeadShape,
    NewOpportunityShape,
    OverrideShape,
    ReasonShape,
    VerdictShape,
)
from leads.captured import CannotCapture, CapturedCompany, CapturedContact, CapturedLead
from leads.criteria import gate, judging
from leads.criteria.verdicts import verdict
from leads.filters import LeadFilters
from leads.models import Campaign, CriteriaSet, Lead, LeadMoved, Source, TransitionNotAllowed
from smarketing.api import asked, problem
from smarketing.api.idempotency import IdempotentView
from smarketing.api.paging import PAGES, CappedPages, page_of
from smarketing.api.problem import answers
from smarketing.api.reading import read, show, show_all
from smarketing.requests import ApiRequest

ORDERINGS = {"captured_at": "captured_at", "stage": "stage", "id": "id", "customer_at": "customer_at"}
FILTERS = [
    OpenApiParameter(
        name,
        description=str(filter_.label),
        enum=[key for key, _ in filter_.extra["choices"]] if "choices" in filter_.extra else None,
        many="Multiple" in type(filter_).__name__,
    )
    for name, filter_ in LeadFilters.base_filters.items()
]
ORDERING = OpenApiParameter(
    "ordering",
    enum=[sign + name for name in ORDERINGS for sign in ("", "-")],
    description="default: -captured_at",
)


class LeadView(IdempotentView):
    """One lead through its door."""

    def lead_answer(self, lead: Lead, status: int = 200) -> Response:
        return Response(show(LeadShape, Lead.objects.for_api().get(pk=lead.pk)), status=status)


class Leads(LeadView):
    @extend_schema(
        operation_id="leads_list",
        parameters=[ORDERING, *FILTERS, *PAGES],
        responses=answers(_200=page_of(LeadShape)),
    )
    def get(self, request: ApiRequest) -> Response:
        """Leads, newest first, narrowed by the same filters as the page."""
        filters = LeadFilters(
            request.query_params, queryset=access.leads_to_read(request.user), request=request
        )
        pages = CappedPages()
        asked.only(request, {*filters.filters, "ordering", "page", "page_size", "rep"})
        if not filters.is_valid():
            raise ValidationError(
                {name: [str(error) for error in errors] for name, errors in filters.errors.items()}
            )
        ordered = filters.qs.order_by(*_ordering(request.query_params.get("ordering", "-captured_at")))
        rows = pages.paginate_queryset(ordered.for_api(), request, self)
        return pages.get_paginated_response(show_all(LeadShape, rows))

    @extend_schema(
        operation_id="leads_create",
        request=NewLeadShape,
        responses=answers(_201=CapturedShape, _200=CapturedShape),
    )
    def post(self, request: ApiRequest) -> Response:
        """A lead comes in. 201: it is new; 200 with `matched_by`: it joined the open lead of the same person."""
        access.check_may_add_leads(request.user)
        given = read(NewLeadShape, request)
        captured = intake.capture(
            CapturedLead(
                contact=CapturedContact(**given.get("contact", {})),
                company=CapturedCompany(**given.get("company", {})),
                **{
                    name: given[name]
                    for name in ("external_id", "source", "campaign", "captured_at", "message")
                    if name in given
                },
                facts=given.get("facts", {}),
                origin="api",
            ),
            by=request.user,
            at=timezone.now(),
        )
        body = show(LeadShape, captured.lead) | {"matched_by": captured.matched_by}
        return Response(body, status=201 if captured.is_new else 200)


class OneLead(LeadView):
    @extend_schema(operation_id="leads_read", responses=answers(_200=LeadShape))
    def get(self, request: ApiRequest, lead_id: int) -> Response:
        return self.lead_answer(access.get_lead_to_read(request.user, lead_id))

    @extend_schema(operation_id="leads_change", request=ChangedLeadShape, responses=answers(_200=LeadShape))
    def patch(self, request: ApiRequest, lead_id: int) -> Response:
        """What is given has these values; with `version` only if nobody changed the lead since."""
        lead = access.get_lead_to_edit(request.user, lead_id)
        given = read(ChangedLeadShape, request)
        editing.edit(
            lead, _changes(given), expected_version=given.get("version"), by=request.user, at=timezone.now()
        )
        return self.lead_answer(lead)


class Activities(LeadView):
    @extend_schema(operation_id="activities_list", responses=answers(_200=page_of(ActivityShape)))
    def get(self, request: ApiRequest, lead_id: int) -> Response:
        """The lead's activities, newest first."""
        lead = access.get_lead_to_read(request.user, lead_id)
        pages = CappedPages()
        rows = pages.paginate_queryset(
            lead.activities.select_related("actor").order_by("-occurred_at", "-id"), request, self
        )
        return pages.get_paginated_response(show_all(ActivityShape, rows))

    @extend_schema(
        operation_id="activities_create", request=NewActivityShape, responses=answers(_201=ActivityShape)
    )
    def post(self, request: ApiRequest, lead_id: int) -> Response:
        """Something that happened; a visit also raises the fact `site_visits`. Visits, forms and downloads are the lead's own acts."""
        lead = access.get_lead_to_edit(request.user, lead_id)
        given = read(NewActivityShape, request)
        kind = given.pop("kind").upper()
        actor = None if kind in ("VISIT", "FORM", "DOWNLOAD") else request.user
        activity = activities.log(lead, kind, by=actor, at=timezone.now(), **given)
        return Response(show(ActivityShape, activity), status=201)


class Verdict(LeadView):
    @extend_schema(operation_id="verdict_read", responses=answers(_200=VerdictShape))
    def get(self, request: ApiRequest, lead_id: int) -> Response:
        """What the criteria in force say about the lead, and why."""
        lead = access.get_lead_to_read(request.user, lead_id)
        return Response(verdict(lead, CriteriaSet.objects.in_force(), at=timezone.now()).as_json())


class Judgement(LeadView):
    @extend_schema(
        operation_id="judgement_write", request=JudgementShape, responses=answers(_200=VerdictShape)
    )
    def put(self, request: ApiRequest, lead_id: int, key: str) -> Response:
        """A person's answer to one criterion, with evidence; the verdict afterwards."""
        lead = access.get_lead_to_judge(request.user, lead_id)
        given = read(JudgementShape, request)
        now = timezone.now()
        judging.judge(lead, key, given["answer"].upper(), given.get("evidence", ""), by=request.user, at=now)
        return Response(
            verdict(
                access.get_lead_to_read(request.user, lead_id), CriteriaSet.objects.in_force(), at=now
            ).as_json()
        )


class MarkSalesReady(LeadView):
    @extend_schema(operation_id="mark_sales_ready", request=OverrideShape, responses=answers(_200=LeadShape))
    def post(self, request: ApiRequest, lead_id: int) -> Response:
        """409 with the missing keys when the criteria do not hold; an override needs a reason and the right to give one."""
        lead = access.get_lead_to_judge(request.user, lead_id)
        reason = read(OverrideShape, request).get("override_reason", "")
        gate.mark_sales_ready(lead, by=request.user, at=timezone.now(), override_reason=reason)
        return self.lead_answer(lead)


class OpenOpportunity(LeadView):
    @extend_schema(
        operation_id="open_opportunity", request=NewOpportunityShape, responses=answers(_200=LeadShape)
    )
    def post(self, request: ApiRequest, lead_id: int) -> Response:
        lead = access.get_lead_to_deal(request.user, lead_id)
        given = {"amount": None} | read(NewOpportunityShape, request)
        deals.open_opportunity(lead, **given, by=request.user, at=timezone.now())
        return self.lead_answer(lead)


class Win(LeadView):
    @extend_schema(operation_id="win", request=AmountShape, responses=answers(_200=LeadShape))
    def post(self, request: ApiRequest, lead_id: int) -> Response:
        lead = access.get_lead_to_deal(request.user, lead_id)
        deals.win(lead, amount=read(AmountShape, request).get("amount"), by=request.user, at=timezone.now())
        return self.lead_answer(lead)


class Lose(LeadView):
    @extend_schema(operation_id="lose", request=ReasonShape, responses=answers(_200=LeadShape))
    def post(self, request: ApiRequest, lead_id: int) -> Response:
        lead = access.get_lead_to_deal(request.user, lead_id)
        deals.lose(lead, read(ReasonShape, request)["reason"], by=request.user, at=timezone.now())
        return self.lead_answer(lead)


class Recycle(LeadView):
    @extend_schema(operation_id="recycle", request=ReasonShape, responses=answers(_200=LeadShape))
    def post(self, request: ApiRequest, lead_id: int) -> Response:
        lead = access.get_lead_to_close(request.user, lead_id)
        closing.recycle(lead, read(ReasonShape, request)["reason"], by=request.user, at=timezone.now())
        return self.lead_answer(lead)


class Disqualify(LeadView):
    @extend_schema(operation_id="disqualify", request=ReasonShape, responses=answers(_200=LeadShape))
    def post(self, request: ApiRequest, lead_id: int) -> Response:
        lead = access.get_lead_to_close(request.user, lead_id)
        closing.disqualify(lead, read(ReasonShape, request)["reason"], by=request.user, at=timezone.now())
        return self.lead_answer(lead)


urlpatterns = [
    path("leads/", Leads.as_view(), name="api_leads"),
    path("leads/<int:lead_id>/", OneLead.as_view(), name="api_lead"),
    path("leads/<int:lead_id>/activities/", Activities.as_view(), name="api_activities"),
    path("leads/<int:lead_id>/verdict/", Verdict.as_view(), name="api_verdict"),
    path("leads/<int:lead_id>/judgements/<slug:key>/", Judgement.as_view(), name="api_judgement"),
    path("leads/<int:lead_id>/mark-sales-ready/", MarkSalesReady.as_view(), name="api_mark_sales_ready"),
    path("leads/<int:lead_id>/open-opportunity/", OpenOpportunity.as_view(), name="api_open_opportunity"),
    path("leads/<int:lead_id>/win/", Win.as_view(), name="api_win"),
    path("leads/<int:lead_id>/lose/", Lose.as_view(), name="api_lose"),
    path("leads/<int:lead_id>/recycle/", Recycle.as_view(), name="api_recycle"),
    path("leads/<int:lead_id>/disqualify/", Disqualify.as_view(), name="api_disqualify"),
    *api_undo.urlpatterns,
]

problem.means(LeadMoved, 409)
problem.means(TransitionNotAllowed, 409)
problem.means(editing.EditedMeanwhile, 409)
problem.means(editing.EmailTaken, 409)
problem.means(editing.ExternalIdTaken, 409)
problem.means(gate.OverrideNotAllowed, 403, lambda error: {"missing": error.verdict.missing_keys})
problem.means(gate.NotSalesReady, 409, lambda error: {"missing": error.verdict.missing_keys})
problem.means(judging.NoSuchCriterion, 404)
problem.means(judging.LeadClosed, 409)
problem.means(judging.ReasonNeeded, 422, lambda error: {"errors": {"evidence": [str(error)]}})
problem.means(closing.ReasonNeeded, 400, lambda error: {"errors": {"reason": [str(error)]}})
problem.means(deals.NotAnAmount, 400, lambda error: {"errors": {"amount": [str(error)]}})
problem.means(CannotCapture, 400, lambda error: {"errors": error.errors})
problem.means(activities.NotYetHappened, 400, lambda error: {"errors": {"occurred_at": [str(error)]}})
problem.means(facts.NotAFact, 400, lambda error: {"errors": {"facts": [str(error)]}})


def _ordering(text: str) -> list[str]:
    name = text.removeprefix("-")
    if name not in ORDERINGS or text.count("-") > 1:
        raise ValidationError({"ordering": [f"Choose one of {', '.join(ORDERINGS)}, with - for descending."]})
    sign = "-" if text.startswith("-") else ""
    return [sign + ORDERINGS[name], f"{sign}id"]


def _changes(given: dict[str, Any]) -> dict[str, Any]:
    """What was given, under the names that editing knows."""
    changes: dict[str, Any] = dict(given.get("contact", {}))
    company = given.get("company", {})
    names = {
        "name": "company",
        "domain": "company_domain",
        "size": "company_size",
        "industry": "industry",
        "country": "country",
    }
    changes |= {names[name]: value for name, value in company.items()}
    changes |= {f"fact:{name}": value for name, value in given.get("facts", {}).items()}
    if "external_id" in given:
        changes["external_id"] = given["external_id"]
    if "source" in given:
        changes["source"] = _known(Source.objects.filter(key=given["source"]), "source", given["source"])
    if "campaign" in given:
        changes["campaign"] = _known(
            Campaign.objects.filter(name=given["campaign"]), "campaign", given["campaign"]
        )
    return changes


def _known(found: Any, name: str, asked: str) -> Any:
    thing = found.first() if asked else None
    if asked and thing is None:
        raise ValidationError({name: [f"There is no {name} “{asked[:80]}”."]})
    return thing
