"""Addresses of the queue, the agreement and its clocks."""

from django.urls import include, path

app_name = "sla"

urlpatterns = [
    path("", include("sla.queue.urls")),
]
