"""Addresses of the lead room, by subject. Other subjects of the room add their list below."""

from django.urls import path

from leads import views

app_name = "leads"

LEADS = [
    path("leads/", views.lead_list, name="list"),
    path("leads/export/", views.export, name="export"),
]

urlpatterns = [*LEADS]
