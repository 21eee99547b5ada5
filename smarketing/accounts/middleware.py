"""Shows the product in the language of the person who reads it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from smarketing import sentences


class PersonalSettingsMiddleware:
    """For a signed-in person the chosen language counts; for a visitor the browser's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        sentences.remember()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = (
            request.user.language
            if request.user.is_authenticated
            else translation.get_language_from_request(request)
        )
        # The zone is said aloud: where none is, each moment on a page looks for one in vain before it takes the company's.
        with translation.override(language), timezone.override(timezone.get_default_timezone()):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response
