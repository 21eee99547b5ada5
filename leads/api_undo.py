"""Taking back what was done to a lead, for other software."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from leads import access, undoing
from leads.api_shapes import PersonShape
from leads.models import Act
from smarketing.api import problem
from smarketing.api.idempotency import IdempotentView
from smarketing.api.problem import answers
from smarketing.api.reading import show_all
from smarketing.requests import ApiRequest


class ActShape(serializers.Serializer):
    """`key` undoes it, with all that was done by the same click, until `undo_before` or until somebody acts on the lead again."""

    key = serializers.UUIDField()
    lead = serializers.IntegerField(source="lead_id")
    act = serializers.CharField(source="kind")
    words = serializers.CharField()
    by = PersonShape()
    at = serializers.DateTimeField()
    undo_before = serializers.DateTimeField()
    undone_at = serializers.DateTimeField(allow_null=True)


class Acts(IdempotentView):
    http_method_names = ["get", "head", "options"]

    @extend_schema(operation_id="list_acts", responses=answers(_200=ActShape(many=True)))
    def get(self, request: ApiRequest, lead_id: int) -> Response:
        """What colleagues did with the lead and may still take back, the latest first."""
        lead = access.get_lead_to_read(request.user, lead_id)
        acts = Act.objects.recent(timezone.now()).filter(lead=lead).select_related("by").order_by("-id")
        return Response(show_all(ActShape, acts))


class Undo(IdempotentView):
    @extend_schema(operation_id="undo", request=None, responses=answers(_200=ActShape(many=True)))
    def post(self, request: ApiRequest, key: UUID) -> Response:
        """What you did stands as it was before, clocks and figures too; 409 says who acted since."""
        acts = access.get_acts_to_undo(request.user, key)
        undoing.undo(acts, by=request.user, at=timezone.now())
        return Response(
            show_all(ActShape, Act.objects.filter(key=key).select_related("by").order_by("lead_id", "id"))
        )


urlpatterns = [
    path("leads/<int:lead_id>/acts/", Acts.as_view(), name="api_acts"),
    path("acts/<uuid:key>/undo/", Undo.as_view(), name="api_undo"),
]


def _who_did_what(error: undoing.CannotUndo) -> dict[str, Any]:
    act = error.since
    return {"who": str(act.by), "what": act.kind, "when": act.at} if act else {"when": error.at}


problem.means(undoing.CannotUndo, 409, _who_did_what)
