"""Every address of the product. Rooms bring their own; the fixed names stand in design/api.md."""

from django.urls import include, path

from smarketing.accounts import views as accounts

urlpatterns = [
    path("", accounts.first_page, name="first_page"),
    path("accounts/", include("allauth.urls")),
]

handler403 = "smarketing.errors.no_permission"
handler500 = "smarketing.errors.server_error"
