"""Addresses of the settings about people."""

from django.urls import path

from smarketing.accounts import views

urlpatterns = [
    path("settings/", views.settings_index, name="settings"),
    path("settings/me/", views.me, name="settings_me"),
    path("settings/company/", views.company, name="settings_company"),
    path("settings/people/", views.people, name="settings_people"),
    path("settings/people/invite/", views.invite, name="settings_invite"),
    path("settings/people/<int:person_id>/", views.person, name="settings_person"),
    path("settings/people/<int:person_id>/deactivate/", views.deactivate, name="settings_deactivate"),
    path("settings/people/<int:person_id>/activate/", views.activate, name="settings_activate"),
    path("settings/people/<int:person_id>/reinvite/", views.reinvite, name="settings_reinvite"),
    path("settings/teams/new/", views.new_team, name="settings_new_team"),
    path("settings/teams/<int:team_id>/", views.team, name="settings_team"),
    path("settings/working-days/", views.own_week, name="settings_own_week"),
    path("settings/working-days/<int:person_id>/", views.own_week, name="settings_own_week_of"),
    path("settings/absences/", views.absences, name="settings_absences"),
    path("settings/absences/<int:absence_id>/remove/", views.remove_absence, name="settings_remove_absence"),
]
