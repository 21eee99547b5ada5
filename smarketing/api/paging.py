"""Pages of a list: `{count, next, previous, results}`. Counting stops at 10,000 and says so with `count_capped`."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response

CAP = 10_000
PAGES = [OpenApiParameter("page", int), OpenApiParameter("page_size", int)]  # as the schema describes them


def page_of(shape: type[serializers.BaseSerializer]) -> serializers.Serializer:
    """A page of these, as the schema describes it."""
    return inline_serializer(
        f"{shape.__name__.removesuffix('Shape')}Page",
        {
            "count": serializers.IntegerField(),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": shape(many=True),
            "count_capped": serializers.BooleanField(
                required=False, help_text=f"There are more than {CAP:,} rows; count says {CAP}."
            ),
        },
    )


class CappedPages(PageNumberPagination):
    """Page by number, fifty unless `page_size` says otherwise, to the ten-thousandth row; who wants more narrows the list."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any]:
        self.request = request
        self.size = self.get_page_size(request) or self.page_size
        self.number = self._number(request.query_params.get(self.page_query_param, "1"))
        start = (self.number - 1) * self.size
        if start >= CAP:
            raise NotFound(f"Pages end at the {CAP:,}th row. Narrow the list with filters.")
        counted = queryset.order_by()[: CAP + 1].count()
        self.count, self.is_capped = min(counted, CAP), counted > CAP
        rows = list(queryset[start : start + self.size])
        if not rows and self.number > 1:
            raise NotFound("There is no such page.")
        self.has_next = start + self.size < self.count
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        body = OrderedDict(count=self.count, next=self._link(1), previous=self._link(-1), results=data)
        if self.is_capped:
            body["count_capped"] = True
        return Response(body)

    def _number(self, text: str) -> int:
        if not text.isascii() or not text.isdigit() or not 0 < int(text[:9]) == int(text):
            raise NotFound("There is no such page.")
        return int(text)

    def _link(self, step: int) -> str | None:
        if (step > 0 and not self.has_next) or (step < 0 and self.number == 1):
            return None
        assert self.request
        parameters = self.request.query_params.copy()
        parameters[self.page_query_param] = str(self.number + step)
        return f"{self.request.build_absolute_uri(self.request.path)}?{parameters.urlencode()}"
