"""Addresses of hand-offs, and of the acts of sales on a lead."""

from django.urls import path

from handoff.views import answering, claims, inbox, outcomes, returning, sending, sent, templating, working

app_name = "handoff"

urlpatterns = [
    path("handoffs/", inbox.list_, name="list"),
    path("handoffs/sent/", sent.list_, name="sent"),
    path("handoffs/prepared/", sent.prepared, name="prepared"),
    path("handoffs/claims/", claims.report, name="claims_report"),
    path("handoffs/claims/cases/", claims.cases, name="claim_cases"),
    path("handoffs/<int:handoff_id>/claims/", claims.check, name="claims"),
    path("handoffs/brief-templates/", templating.list_, name="templates"),
    path("handoffs/brief-templates/new/", templating.new, name="new_template"),
    path("handoffs/brief-templates/<int:template_id>/", templating.change, name="template"),
    path("handoffs/brief-templates/<int:template_id>/retire/", templating.retire, name="retire_template"),
    path("handoffs/<int:handoff_id>/", inbox.detail, name="detail"),
    path("handoffs/<int:handoff_id>/accept/", answering.accept, name="accept"),
    path("handoffs/<int:handoff_id>/claim/", answering.claim, name="claim"),
    path("handoffs/<int:handoff_id>/return/", answering.return_, name="return"),
    path("handoffs/<int:handoff_id>/ask/", answering.ask, name="ask"),
    path("handoffs/<int:handoff_id>/reply/", answering.reply, name="reply"),
    path("handoffs/<int:handoff_id>/contest/", returning.contest, name="contest"),
    path("handoffs/<int:handoff_id>/decide/", returning.decide, name="decide"),
    path("handoffs/<int:handoff_id>/reassign/", answering.reassign, name="reassign"),
    path("leads/<int:lead_id>/hand-off/", sending.send, name="send"),
    path("leads/<int:lead_id>/brief/keep/", sending.keep_draft, name="keep_draft"),
    path("leads/<int:lead_id>/brief/preview/", sending.preview, name="preview"),
    path("leads/<int:lead_id>/call-sheet/", working.show_call_sheet, name="call_sheet"),
    path("leads/<int:lead_id>/call-sheet/open/", working.open_call_sheet, name="open_call_sheet"),
    path("leads/<int:lead_id>/contact/", working.log_contact, name="log_contact"),
    path("leads/<int:lead_id>/next-step/", working.next_step, name="next_step"),
    path("leads/<int:lead_id>/open-opportunity/", outcomes.open_opportunity, name="open_opportunity"),
    path("leads/<int:lead_id>/win/", outcomes.win, name="win"),
    path("leads/<int:lead_id>/lose/", outcomes.lose, name="lose"),
    path("leads/<int:lead_id>/disqualify/", outcomes.disqualify, name="disqualify"),
    path("leads/<int:lead_id>/recycle/", outcomes.recycle, name="recycle"),
]
