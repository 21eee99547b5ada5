"""Addresses of the lead room, by subject. Other subjects of the room add their list below."""

from django.urls import path

from leads import campaign_views, erasing_pages, saved_view_pages, undo_pages, views
from leads.criteria.pages import qualify, versions
from leads.imports import views as imports

app_name = "leads"

LEADS = [
    path("leads/", views.lead_list, name="list"),
    path("leads/export/", views.export, name="export"),
    path("leads/new/", views.new, name="new"),
    path("leads/new/hint/", views.hint, name="hint"),
    path("leads/<int:lead_id>/", views.detail, name="detail"),
    path("leads/<int:lead_id>/edit/", views.edit, name="edit"),
    path("leads/<int:lead_id>/erase/", erasing_pages.erase, name="erase"),
    path("leads/<int:lead_id>/log/", views.log, name="log"),
    path("leads/<int:lead_id>/history/<str:field>/", views.history, name="history"),
    path("undo/<uuid:key>/", undo_pages.undo, name="undo"),
]

SAVED_VIEWS = [
    path("views/new/", saved_view_pages.new, name="new_view"),
    path("views/<int:view_id>/", saved_view_pages.change, name="change_view"),
    path("views/<int:view_id>/save/", saved_view_pages.save, name="save_view"),
    path("views/<int:view_id>/delete/", saved_view_pages.delete, name="delete_view"),
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

QUALIFY = [
    path("qualify/", qualify.qualify_list, name="qualify_list"),
    path("qualify/<int:lead_id>/", qualify.qualify, name="qualify"),
    path("qualify/<int:lead_id>/judge/", qualify.judge, name="judge"),
    path("qualify/<int:lead_id>/mark-sales-ready/", qualify.mark_sales_ready, name="mark_sales_ready"),
    path("qualify/<int:lead_id>/hand-over/", qualify.hand_over, name="hand_over"),
    path("qualify/<int:lead_id>/mark-qualified/", qualify.mark_qualified, name="mark_qualified"),
    path("qualify/<int:lead_id>/nurture/", qualify.nurture, name="nurture"),
    path("qualify/<int:lead_id>/discard/", qualify.discard, name="discard"),
]

VERSION = "criteria/<int:version>/"
LINE = VERSION + "lines/<slug:key>/"
CRITERIA = [
    path("criteria/", versions.criteria, name="criteria"),
    path("criteria/draft/", versions.draft, name="draft_criteria"),
    path(VERSION, versions.criteria_version, name="criteria_version"),
    path(VERSION + "describe/", versions.describe, name="describe_criteria"),
    path(VERSION + "propose/", versions.propose, name="propose_criteria"),
    path(VERSION + "withdraw/", versions.withdraw, name="withdraw_criteria"),
    path(VERSION + "discard/", versions.discard_draft, name="discard_criteria"),
    path(VERSION + "approve/", versions.approve, name="approve_criteria"),
    path(VERSION + "lines/add/", versions.add_criterion, name="add_criterion"),
    path(LINE, versions.change_criterion, name="change_criterion"),
    path(LINE + "remove/", versions.remove_criterion, name="remove_criterion"),
    path(LINE + "up/", versions.move_criterion_up, name="move_criterion_up"),
    path(LINE + "down/", versions.move_criterion_down, name="move_criterion_down"),
]

urlpatterns = [*QUALIFY, *CRITERIA, *CAMPAIGNS, *IMPORT, *LEADS, *SAVED_VIEWS]
