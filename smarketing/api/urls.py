"""Addresses of the API's own pages. The endpoints of each room stand in its `api.py` or `api/`."""

from csp.decorators import csp_replace
from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from smarketing.api import views

# Swagger's page writes a script and styles into itself; nothing of ours is on it.
docs = csp_replace({"script-src": ["'self'", "'unsafe-inline'"], "style-src": ["'self'", "'unsafe-inline'"]})(
    SpectacularSwaggerView.as_view(url_name="api_schema")
)

urlpatterns = [
    path("settings/tokens/", views.tokens, name="settings_tokens"),
    path("settings/tokens/<slug:token_key>/revoke/", views.revoke, name="settings_revoke_token"),
    path("api/schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("api/docs/", docs, name="api_docs"),
]
