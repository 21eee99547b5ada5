"""Every address of the product. Rooms bring their own; the fixed names stand in design/api.md."""

from django.urls import include, path

from leads import views as leads
from smarketing import assets, health, shell
from smarketing.accounts import views as accounts
from smarketing.api import views as api

urlpatterns = [
    path("", accounts.first_page, name="first_page"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("rail/", shell.rail_counts, name="rail_counts"),
    path("assets/<slug:version>/<path:name>", assets.serve, name="asset"),
    path("accounts/", include("allauth.urls")),
    path("", include("smarketing.accounts.urls")),
    path("", include("smarketing.api.urls")),
    path("api/v1/", include("leads.api")),
    path("api/v1/", include("handoff.api.urls")),
    path("api/v1/", include("handoff.pool.api")),
    path("api/v1/", include("handoff.routing.api")),
    path("api/v1/", include("handoff.conversation.api")),
    path("api/v1/", include("sla.api.urls")),
    path("api/v1/", include("dashboard.api")),
    path("api/<path:rest>", api.unknown, name="api_unknown"),
    path("search", leads.search, name="search"),
    path("", include("leads.urls")),
    path("", include("sla.urls")),
    path("", include("dashboard.urls")),
    path("", include("handoff.urls")),
]

handler403 = "smarketing.errors.no_permission"
handler500 = "smarketing.errors.server_error"
