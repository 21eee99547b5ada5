"""Settings, in sections, from environment variables. Development needs none; production fails at start when a secret is missing.

Every variable is listed with a sentence in .env.example.
"""

from pathlib import Path
from typing import Any

import environ
import structlog
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from smarketing.embedded import places
from smarketing.schedule import SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- Kind of installation -------------------------------------------------------------------------------------------

PRODUCTION = env.bool("SMARKETING_PRODUCTION", default=False)
DEBUG = env.bool("SMARKETING_DEBUG", default=False)
SITE_URL = env("SMARKETING_SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list(
    "SMARKETING_ALLOWED_HOSTS",
    default=[] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]", "testserver"],
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]


def _secret_key() -> str:
    key = env("SMARKETING_SECRET_KEY", default="")
    if PRODUCTION and len(key) < 50:
        raise ImproperlyConfigured("SMARKETING_SECRET_KEY must be set to at least 50 random characters.")
    return key or "development-only-" + "x" * 50


SECRET_KEY = _secret_key()
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("SMARKETING_DEBUG must stay off in production.")
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "SMARKETING_ALLOWED_HOSTS must name the host people use, for example leads.example.com."
    )

# --- Applications ---------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "smarketing",
    "smarketing.accounts",
    "smarketing.api",
    "leads",
    "handoff",
    "sla",
    "dashboard",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "lucide",
    "rest_framework",
]

MIDDLEWARE = [
    "django_structlog.middlewares.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "smarketing.accounts.middleware.PersonalSettingsMiddleware",
    "smarketing.shell.ForgetWhatWaits",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "smarketing.urls"
WSGI_APPLICATION = "smarketing.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "smarketing.shell.shell",
            ],
        },
    }
]

FORM_RENDERER = "smarketing.rendering.FormRenderer"
CSRF_FAILURE_VIEW = "smarketing.errors.csrf_failure"

# --- Database and Redis: the real thing everywhere, embedded when nothing else is named --------------------------------

DATABASES = {"default": env.db("DATABASE_URL") if env("DATABASE_URL", default="") else places.database()}
DATABASES["default"].setdefault("CONN_MAX_AGE", env.int("SMARKETING_CONN_MAX_AGE", default=600))
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"].setdefault("OPTIONS", {})
DATABASES["default"]["OPTIONS"].setdefault("application_name", "smarketing")
PLAN_ONCE = env.bool("SMARKETING_PLAN_ONCE", default=True)  # see smarketing/planned.py
if PLAN_ONCE:
    DATABASES["default"]["OPTIONS"].setdefault("options", "-c plan_cache_mode=force_generic_plan")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False

_REDIS_URL = env("REDIS_URL", default="").rstrip("/")


def _redis(database: int) -> str:
    return f"{_REDIS_URL}/{database}" if _REDIS_URL else places.redis_url(database)


# The broker and the cache keep apart: clearing the cache must never drop a task.
CACHES: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _redis(1),
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 2},
    },
    "process": {  # pieces of pages that come out the same for the same address; search words leave no process
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "TIMEOUT": 60,
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
}
PROMISES_SECONDS = (
    60  # how old the promises on the dashboard may be where counting them takes long; the page says when
)
PLANNING_SECONDS = 60  # how old may be what sales can take this week and what became of similar leads, where a brief is written
WORDS_SECONDS = 60  # how old may be what each process knows of common words; it decides how a search is done, not what it finds
SHELL_SECONDS = 5  # how old the numbers of the rail may be; one's own acts are there at once
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- Tasks: Redis is a doorbell, the rows in PostgreSQL are the work --------------------------------------------------

CELERY_BROKER_URL = f"{_REDIS_URL}/0" if _REDIS_URL else places.broker_url(0)
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = SCHEDULE
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 600
CELERY_TASK_TIME_LIMIT = 660
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 500_000  # kilobytes; well above what a fresh one takes
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 10,
    "socket_connect_timeout": 3,
    "socket_keepalive": not CELERY_BROKER_URL.startswith("redis+socket"),
    "health_check_interval": 25,
    "retry_on_timeout": True,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.2,
    "interval_max": 0.2,
}
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"

# --- People ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "smarketing.accounts.adapter.ClosedDoorAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login_failed": False}  # django-axes counts failures
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Smarketing"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "smarketing.accounts.tries.whose"
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_RESET_ON_SUCCESS = True
AXES_IPWARE_PROXY_COUNT = env.int("SMARKETING_PROXY_COUNT", default=0)
AXES_IPWARE_META_PRECEDENCE_ORDER = (
    ["HTTP_X_FORWARDED_FOR", "REMOTE_ADDR"] if AXES_IPWARE_PROXY_COUNT else ["REMOTE_ADDR"]
)

# --- Security -------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
_HTTPS = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = PRODUCTION and _HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION and _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = bool(SECURE_HSTS_SECONDS)
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.int("SMARKETING_PROXY_COUNT", default=0) else None
)
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- API ------------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "smarketing.api.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["smarketing.api.reading.Parser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "smarketing.api.paging.CappedPages",
    "DEFAULT_THROTTLE_CLASSES": ["smarketing.api.throttling.PerMinute"],
    "DEFAULT_THROTTLE_RATES": {"minute": env("SMARKETING_API_RATE", default="600/min")},
    "EXCEPTION_HANDLER": "smarketing.api.problem.answer",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
KNOX_TOKEN_MODEL = "api.ApiToken"
MIGRATION_MODULES = {"knox": None}  # its own table of tokens would stand empty beside ours
REST_KNOX = {"TOKEN_TTL": None, "AUTH_HEADER_PREFIX": "Token"}
SPECTACULAR_SETTINGS = {
    "TITLE": "Smarketing",
    "DESCRIPTION": "Leads, hand-offs, clocks and figures, shared by sales and marketing.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "HandoffStateEnum": "handoff.models.State",
        "AgreementStateEnum": "sla.models.AgreementState",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- Language and time ----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("nl", _("Dutch"))]
LOCALE_PATHS = [BASE_DIR / "smarketing" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env("SMARKETING_TIME_ZONE", default="Europe/Amsterdam")  # the company's: its days and months
CURRENCY = env("SMARKETING_CURRENCY", default="EUR")

# --- Files ----------------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles"
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = Path(
    env("SMARKETING_MEDIA_ROOT", default=str(places.var() / "media"))
)  # uploaded import files; never served
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- Metrics: open to this machine, from elsewhere with a token -------------------------------------------------------

METRICS_TOKEN = env("SMARKETING_METRICS_TOKEN", default="")

# --- Calls to the outside: smarketing/outgoing.py ---------------------------------------------------------------------

OUTGOING_PLAIN_HTTP = env.bool("SMARKETING_OUTGOING_PLAIN_HTTP", default=False)  # http:// and port 80 too
OUTGOING_LOOPBACK = not PRODUCTION and env.bool("SMARKETING_OUTGOING_LOOPBACK", default=False)  # for tests
PING_URL = env("SMARKETING_PING_URL", default="")  # called after each sweep that ended well
SEALING_KEY = env("SMARKETING_SEALING_KEY", default="") or SECRET_KEY  # what seals secrets in the database

# --- Mail -----------------------------------------------------------------------------------------------------------

if env("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(places.var() / "mail")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("SMARKETING_MAIL_FROM", default="Smarketing <smarketing@localhost>")

# --- Logs: ids only, never a name or an address of a person -----------------------------------------------------------

LOG_STEPS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.filter_by_level,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.format_exc_info,
]
structlog.configure(
    processors=[*LOG_STEPS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer()
            if PRODUCTION
            else structlog.dev.ConsoleRenderer(colors=False),
            "foreign_pre_chain": [step for step in LOG_STEPS if step is not structlog.stdlib.filter_by_level],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["console"], "level": env("SMARKETING_LOG_LEVEL", default="WARNING")},
}
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False

# W004: e-mail addresses are unique whatever their case, by uq_once_user_email, which the check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
