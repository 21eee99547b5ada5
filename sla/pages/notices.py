"""What the product told me, narrowed to what is new or waits for me; and for administrators what could not be sent."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from sla import access, mails, taking_up
from sla import notices as telling
from smarketing.requests import AuthenticatedRequest

PAGE = 50


def notices(request: AuthenticatedRequest) -> HttpResponse:
    show = telling.VIEWS.get(request.GET.get("show", ""), telling.VIEWS[""])
    mine = show.pick(telling.of(request.user), request.user)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        mine = mine.filter(pk__lt=int(before)).order_by("-id")
    shown = list(mine[: PAGE + 1])
    aside = telling.set_aside() if request.user.is_administrator else telling.set_aside().none()
    _offer_to_take_up(request, shown)
    context = {
        "notices": shown[:PAGE],
        "older_than": shown[PAGE - 1].pk if len(shown) > PAGE else None,
        "unread": telling.unread(request.user),
        "view": show,
        "tabs": [
            {"label": view.label, "url": f"?show={key}" if key else "?", "is_current": view is show}
            for key, view in telling.VIEWS.items()
        ],
        "set_aside": aside[:PAGE],
        "now": timezone.now(),
    }
    return render(request, "sla/notices.html", context)


@require_POST
def read_notice(request: AuthenticatedRequest, notice_id: int) -> HttpResponse:
    """Read, and on to what it is about; with `stay` back to the list."""
    notice = access.get_own_notice(request.user, notice_id)
    notice.mark_read(at=timezone.now())
    return redirect("sla:notices" if "stay" in request.POST else telling.address_of(notice))


@require_POST
def read_all_notices(request: AuthenticatedRequest) -> HttpResponse:
    telling.read_all(request.user, at=timezone.now())
    return redirect("sla:notices")


@require_POST
def retry_mails(request: AuthenticatedRequest) -> HttpResponse:
    """Everything that was set aside tries again."""
    access.require_administrator(request.user)
    number = mails.retry(telling.set_aside(), at=timezone.now())
    said = ngettext("%(n)s message will be tried again.", "%(n)s messages will be tried again.", number)
    messages.success(request, said % {"n": number} if number else _("Nothing was set aside."))
    return redirect("sla:notices")


def _offer_to_take_up(request: AuthenticatedRequest, notices: list[telling.Notice]) -> None:
    """Beside a late promise: who has it in hand, or the button that says so. One query for the page."""
    clocks = {notice.clock_id: notice.clock for notice in notices if notice.is_of_a_clock and notice.clock}
    in_hand = taking_up.in_hand_of(clock for clock in clocks.values() if clock.is_open) if clocks else {}
    for notice in notices:
        if notice.is_of_a_clock and notice.clock and taking_up.can_be_taken_up(notice.clock):
            notice.clock.in_hand = in_hand.get(notice.clock.pk)
            notice.clock.may_take_up = access.may_take_up(request.user, notice.clock)
