"""Addresses of the shared figures, and of what is for who is new."""

from django.urls import path

from dashboard import views
from dashboard.welcome import pages

app_name = "dashboard"
urlpatterns = [
    path("dashboard/", views.dashboard, name="dashboard"),
    path("dashboard/<slug:what>.csv", views.export, name="export"),
    path("dashboard/promises/<slug:key>/", views.case_list, name="cases"),
    # for who is new
    path("glossary/", pages.glossary, name="glossary"),
    path("shoes/<slug:side>/", pages.day, name="shoes"),
    path("first-steps/hide/", pages.hide, name="hide_first_steps"),
    path("first-steps/show/", pages.show_again, name="show_first_steps"),
    path("first-steps/<slug:key>/", pages.open_step, name="first_step"),
]
