"""Addresses of the queue; the room's own urls.py takes them in."""

from django.urls import path

from sla.queue import views

urlpatterns = [
    path("queue/", views.queue, name="queue"),
    path("queue/new-count/", views.new_count, name="queue_news"),
    path("queue/call-sheets/", views.call_sheets, name="queue_call_sheets"),
    path("queue/<int:lead_id>/", views.row, name="queue_row"),
    path("queue/<int:lead_id>/contact/", views.log_contact, name="queue_contact"),
    path("queue/<int:lead_id>/next-step/", views.next_step, name="queue_next_step"),
]
