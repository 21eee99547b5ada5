"""What a view may rely on, said in types: somebody is signed in, and htmx tells how it asked."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails
from rest_framework.request import Request

from smarketing.accounts.models import User


class HtmxRequest(HttpRequest):
    htmx: HtmxDetails


class AuthenticatedRequest(HtmxRequest):
    """LoginRequiredMiddleware has let it through."""

    user: User


class ApiRequest(Request):
    """The API has asked who it is."""

    user: User
