"""The floor: the least that an authenticated answer costs here. Everything else is stated as a multiple of it."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from leads.models import Source


def page(request: HttpRequest) -> HttpResponse:
    """The shell of every page around one trivial query."""
    return render(request, "settings/index.html", {"topics": [], "count": Source.objects.count()})


class Json(APIView):
    """The same for the API."""

    def get(self, request: Request) -> Response:
        return Response({"count": Source.objects.count()})


urlpatterns = [path("bench/floor/", page), path("bench/floor.json", Json.as_view())]


class CountQueries:
    """Says in each answer how many queries it took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        count = 0

        def counted(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
            nonlocal count
            count += 1
            return execute(sql, params, many, context)

        with connection.execute_wrapper(counted):
            response = self.get_response(request)
        response["X-Queries"] = str(count)
        return response
