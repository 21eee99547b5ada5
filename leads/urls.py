"""Addresses of the lead room, by subject. Other subjects of the room add their list below."""

from django.urls import path

from leads import views

app_name = "leads"

LEADS = [
    path("leads/", views.lead_list, name="list"),
    path("leads/export/", views.export, name="export"),
    path("leads/new/", views.new, name="new"),
    path("leads/new/hint/", views.hint, name="hint"),
    path("leads/<int:lead_id>/", views.detail, name="detail"),
    path("leads/<int:lead_id>/edit/", views.edit, name="edit"),
    path("leads/<int:lead_id>/log/", views.log, name="log"),
    path("leads/<int:lead_id>/history/<str:field>/", views.history, name="history"),
]

urlpatterns = [*LEADS]
