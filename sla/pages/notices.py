"""What the product told me, and for administrators the mails that could not be sent."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from sla import access, mails
from sla import notices as telling
from smarketing.requests import AuthenticatedRequest

PAGE = 50


def notices(request: AuthenticatedRequest) -> HttpResponse:
    mine = telling.of(request.user)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        mine = mine.filter(pk__lt=int(before)).order_by("-id")
    shown = list(mine[: PAGE + 1])
    aside = telling.set_aside() if request.user.is_administrator else telling.set_aside().none()
    context = {
        "notices": shown[:PAGE],
        "older_than": shown[PAGE - 1].pk if len(shown) > PAGE else None,
        "unread": telling.unread(request.user),
        "set_aside": aside[:PAGE],
        "now": timezone.now(),
    }
    return render(request, "sla/notices.html", context)


@require_POST
def read_notice(request: AuthenticatedRequest, notice_id: int) -> HttpResponse:
    """Read, and on to what it is about."""
    notice = access.get_own_notice(request.user, notice_id)
    notice.mark_read(at=timezone.now())
    return redirect(telling.address_of(notice))


@require_POST
def read_all_notices(request: AuthenticatedRequest) -> HttpResponse:
    telling.read_all(request.user, at=timezone.now())
    return redirect("sla:notices")


@require_POST
def retry_mails(request: AuthenticatedRequest) -> HttpResponse:
    """Everything that was set aside tries again."""
    access.require_administrator(request.user)
    number = mails.retry(telling.set_aside(), at=timezone.now())
    said = ngettext("%(n)s mail will be tried again.", "%(n)s mails will be tried again.", number)
    messages.success(request, said % {"n": number} if number else _("Nothing was set aside."))
    return redirect("sla:notices")
