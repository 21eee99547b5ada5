"""Addresses of hand-offs, and of the acts of sales on a lead."""

from django.urls import path

from handoff.conversation import pages as conversation
from handoff.pool import pages as pool
from handoff.routing import pages as routing
from handoff.views import (
    afterwards,
    answering,
    capacity,
    claims,
    inbox,
    outcomes,
    returning,
    sending,
    sent,
    templating,
    working,
)

app_name = "handoff"

urlpatterns = [
    path("handoffs/", inbox.list_, name="list"),
    path("handoffs/sent/", sent.list_, name="sent"),
    path("handoffs/prepared/", sent.prepared, name="prepared"),
    path("handoffs/claims/", claims.report, name="claims_report"),
    path("handoffs/claims/cases/", claims.cases, name="claim_cases"),
    path("handoffs/<int:handoff_id>/claims/", claims.check, name="claims"),
    path("handoffs/<int:handoff_id>/contact/", afterwards.late_contact, name="late_contact"),
    path("handoffs/<int:handoff_id>/duplicate/", afterwards.duplicate, name="duplicate"),
    path("handoffs/brief-templates/", templating.list_, name="templates"),
    path("handoffs/brief-templates/new/", templating.new, name="new_template"),
    path("handoffs/brief-templates/<int:template_id>/", templating.change, name="template"),
    path("handoffs/brief-templates/<int:template_id>/retire/", templating.retire, name="retire_template"),
    path("handoffs/pool/", pool.show, name="pool"),
    path("handoffs/pool/next/", pool.next_, name="pool_next"),
    path("handoffs/<int:handoff_id>/skip/", pool.skip, name="skip"),
    path("handoffs/capacity/", capacity.show, name="capacity"),
    path("handoffs/<int:handoff_id>/say/", conversation.say, name="say"),
    path(
        "handoffs/<int:handoff_id>/messages/<int:message_id>/take-back/",
        conversation.take_back,
        name="take_back",
    ),
    path("handoffs/<int:handoff_id>/coffee/", conversation.propose, name="coffee"),
    path("handoffs/<int:handoff_id>/coffee/<int:coffee_id>/agree/", conversation.agree, name="coffee_agree"),
    path(
        "handoffs/<int:handoff_id>/coffee/<int:coffee_id>/others/",
        conversation.propose_others,
        name="coffee_others",
    ),
    path(
        "handoffs/<int:handoff_id>/coffee/<int:coffee_id>/cancel/", conversation.cancel, name="coffee_cancel"
    ),
    path(
        "handoffs/<int:handoff_id>/coffee/<int:coffee_id>/calendar/",
        conversation.download,
        name="coffee_file",
    ),
    path(
        "handoffs/<int:handoff_id>/coffee/<int:coffee_id>/invite-again/",
        conversation.invite_again,
        name="coffee_invite_again",
    ),
    path("settings/health/invitations/", conversation.retry_invitations, name="retry_invitations"),
    path("settings/routing/", routing.show, name="routing"),
    path("settings/routing/dry-run/", routing.dry_run, name="routing_dry_run"),
    path("settings/routing/new/", routing.add, name="routing_add"),
    path("settings/routing/<int:rule_id>/", routing.change, name="routing_change"),
    path("settings/routing/<int:rule_id>/remove/", routing.remove, name="routing_remove"),
    path("settings/routing/<int:rule_id>/up/", routing.move_up, name="routing_up"),
    path("settings/routing/<int:rule_id>/down/", routing.move_down, name="routing_down"),
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
