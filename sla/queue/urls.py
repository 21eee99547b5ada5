"""Addresses of the queue; the room's own urls.py takes them in."""

from django.urls import path

from sla.queue import acting, bulk_pages, views

urlpatterns = [
    path("queue/", views.queue, name="queue"),
    path("queue/call-sheets/", bulk_pages.call_sheets, name="queue_call_sheets"),
    path("queue/bulk/", bulk_pages.bulk, name="queue_bulk"),
    path("queue/<int:lead_id>/", views.row, name="queue_row"),
    path("queue/<int:lead_id>/accept/", acting.accept, name="queue_accept"),
    path("queue/<int:lead_id>/contact/", acting.log_contact, name="queue_contact"),
    path("queue/<int:lead_id>/next-step/", acting.next_step, name="queue_next_step"),
]
