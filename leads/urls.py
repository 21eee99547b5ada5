"""Addresses of the lead room, by subject. Other subjects of the room add their list below."""

from django.urls import path

from leads import campaign_views, views
from leads.imports import views as imports

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

IMPORT = [
    path("import/", imports.overview, name="import"),
    path("import/upload/", imports.upload, name="import_upload"),
    path("import/<int:batch_id>/", imports.result, name="import_result"),
    path("import/<int:batch_id>/columns/", imports.columns_page, name="import_columns"),
    path("import/<int:batch_id>/check/", imports.check, name="import_check"),
    path("import/<int:batch_id>/start/", imports.start, name="import_start"),
    path("import/<int:batch_id>/resume/", imports.resume, name="import_resume"),
    path("import/<int:batch_id>/discard/", imports.discard, name="import_discard"),
    path("import/<int:batch_id>/rejected/", imports.rejected, name="import_rejected"),
    path("import/<int:batch_id>/warnings/", imports.warned, name="import_warned"),
]

CAMPAIGNS = [
    path("settings/sources/", campaign_views.sources, name="sources"),
    path("settings/sources/<int:source_id>/", campaign_views.source, name="source"),
    path("settings/campaigns/", campaign_views.campaigns, name="campaigns"),
    path("settings/campaigns/new/", campaign_views.new_campaign, name="new_campaign"),
    path("settings/campaigns/<int:campaign_id>/", campaign_views.campaign, name="campaign"),
]

urlpatterns = [*CAMPAIGNS, *IMPORT, *LEADS]
