"""Addresses of the shared figures."""

from django.urls import path

from dashboard import views

app_name = "dashboard"
urlpatterns = [
    path("dashboard/", views.dashboard, name="dashboard"),
    path("dashboard/<slug:what>.csv", views.export, name="export"),
    path("dashboard/promises/<slug:key>/", views.case_list, name="cases"),
]
