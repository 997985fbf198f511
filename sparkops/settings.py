"""One settings file. Every value that varies between machines comes from the environment."""

from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF

from sparkops import logs
from sparkops.env import Environment

env = Environment()

BASE_DIR = Path(__file__).resolve().parent.parent
DEBUG = env.flag("DEBUG")
DEMO = env.flag("SPARKOPS_DEMO")
LOCAL = DEBUG or DEMO or env.flag("SPARKOPS_TEST")

SECRET_KEY = env.text("SECRET_KEY", "local-only-not-a-secret" if LOCAL else None)
FIELD_KEYS = env.items("FIELD_KEYS", "local-only-field-key" if LOCAL else "")
SITE_URL = env.text("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.items("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.items("CSRF_TRUSTED_ORIGINS", SITE_URL)

INSTALLED_APPS = [
    "sparkops.isolation",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "sparkops.accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "csp",
    "sparkops.web",
    "sparkops.audit",
    "sparkops.tenants",
    "sparkops.desk",
    "sparkops.api",
    "sparkops.mcp",
    "sparkops.takeout",
    "sparkops.connections",
    "sparkops.landing",
    "sparkops.outbox",
    "sparkops.alerts",
    "sparkops.hooks",
    "sparkops.catalog",
    "creators",
    "authorizations",
    "campaigns",
    "profit",
    "sparkops.renewals",
    "sparkops.outreach",
    "sparkops.intake",
    "sparkops.portal",
    "sparkops.talk",
    "sparkops.home",
    "sparkops.reports",
    "sparkops.demo",
]

MIDDLEWARE = [
    "sparkops.web.requests.told_apart",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "sparkops.accounts.activity.SessionActivity",
    "sparkops.accounts.privacy.kept_by_nobody",
    "sparkops.tenants.second_factor.SecondFactorFirst",
    "django_htmx.middleware.HtmxMiddleware",
    "sparkops.desk.frame.desk_of",
]

FORM_RENDERER = "sparkops.web.widgets.WidgetRenderer"

ROOT_URLCONF = "sparkops.urls"
WSGI_APPLICATION = "sparkops.wsgi.application"

_LOADERS = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sparkops.tenants.shell.shell",
                "sparkops.alerts.bell.bell",
            ],
            "builtins": ["template_partials.templatetags.partials"],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    _LOADERS if DEBUG else [("django.template.loaders.cached.Loader", _LOADERS)],
                )
            ],
        },
    }
]

# `default` is the app's role: it owns nothing and row policies bind it. `owner` exists only where
# migrations run (and in tests).
DATABASES = {
    "default": dj_database_url.parse(
        env.text("DATABASE_URL", "postgres://sparkops_app@127.0.0.1/sparkops"),
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if env.text("DATABASE_OWNER_URL", ""):
    DATABASES["owner"] = dj_database_url.parse(env.text("DATABASE_OWNER_URL"))
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "cache",
        "OPTIONS": {"serializer": "sparkops.web.cached.PlainValues"},
    }
}
CELERY_BROKER_URL = REDIS_URL
CELERY_TIMEZONE = "UTC"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {"user_attributes": ("email", "name")},
        "MinimumLengthValidator": {"min_length": 12},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "sparkops.sso.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "sparkops.sso.adapters.SocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# A sign-in with a company takes four pages, and an office has one address.
ACCOUNT_RATE_LIMITS = {"company_sign_in": "120/m/ip"}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SITE_URL.startswith("https") else "http"
USERSESSIONS_TRACK_ACTIVITY = True
MFA_ADAPTER = "sparkops.accounts.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "SparkOps"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL

EMAIL_BACKEND = env.text(
    "EMAIL_BACKEND",
    "sparkops.accounts.mailbox.MailboxBackend"
    if DEMO
    else "django.core.mail.backends.smtp.EmailBackend",
)
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "SparkOps <no-reply@sparkops.example>")

# What Prometheus shows to read `/metrics`; empty: there is no such page.
METRICS_TOKEN = env.text("METRICS_TOKEN", "")

# Crashes go to this address of Sentry; empty: nothing does. The share is of traced requests.
SENTRY_DSN = env.text("SENTRY_DSN", "")
SENTRY_ENVIRONMENT = env.text("SENTRY_ENVIRONMENT", "production")
SENTRY_TRACES_SAMPLE_RATE = env.share("SENTRY_TRACES_SAMPLE_RATE", 0.0)

# Traces go to this base address of a collector by OTLP over HTTP; empty: nothing does.
OTEL_EXPORTER_OTLP_ENDPOINT = env.text("OTEL_EXPORTER_OTLP_ENDPOINT", "")

# Whether webhooks of people's chats may lie in the network that SparkOps runs in.
CHATS_ON_PRIVATE_HOSTS = env.flag("CHATS_ON_PRIVATE_HOSTS")

# Whether identity providers may lie in the network that SparkOps runs in, and speak without TLS.
SSO_ON_PRIVATE_HOSTS = env.flag("SSO_ON_PRIVATE_HOSTS")

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / ".sparkops" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
_STATIC_STORAGE = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEBUG or env.flag("SPARKOPS_TEST")
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    if not DEMO
    else "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _STATIC_STORAGE},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG or env.flag("SPARKOPS_TEST")
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(BASE_DIR / ".sparkops" / "files")))
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
# A browser takes such a name only over TLS and from this host itself, not from a neighbour of it.
_OF_HOST = "" if LOCAL else "__Host-"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_OF_HOST}sessionid", f"{_OF_HOST}csrftoken"
SESSION_COOKIE_AGE = env.number("SESSION_HOURS", 14 * 24) * 3600
SECURE_SSL_REDIRECT = not LOCAL
# Load balancers and containers ask without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 0 if LOCAL else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not LOCAL
BEHIND_TLS_PROXY = env.flag("BEHIND_TLS_PROXY")
if BEHIND_TLS_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["sparkops.api.authentication.KeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_SCHEMA_CLASS": "sparkops.api.schema.EndpointSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "SparkOps API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SORT_OPERATION_PARAMETERS": False,
    # Words stay beside their field: several nouns have a `state` with other words.
    "POSTPROCESSING_HOOKS": ["sparkops.api.examples.add_examples"],
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "key": {
                "type": "http",
                "scheme": "bearer",
                "description": "A key that an owner made in Settings: `spo_…`.",
            }
        }
    },
}
# Calls of one API key in a minute.
API_CALLS_PER_MINUTE = env.number("API_CALLS_PER_MINUTE", 600)

# Webhooks out: how long an endpoint may fail before it is switched off, and how long its log is
# kept. Loopback is for tests: a message never goes to our own network.
HOOKS_DISABLE_AFTER_HOURS = env.number("HOOKS_DISABLE_AFTER_HOURS", 120)
HOOKS_KEPT_DAYS = env.number("HOOKS_KEPT_DAYS", 30)
HOOKS_ALLOW_LOOPBACK = False

# Days in which the deletion of a client can be undone.
CLIENT_DELETION_DAYS = env.number("CLIENT_DELETION_DAYS", 7)

# TikTok's limit (domain 2.4); launches and redemptions beyond it are refused.
SPARK_ADS_PER_ACCOUNT = 10_000

# TikTok. The defaults are the hosts of the contracts; the demo and the tests point at the sandbox.
TIKTOK: dict[str, Any] = {
    "ads_url": env.text("TIKTOK_ADS_URL", "https://business-api.tiktok.com"),
    "shop_url": env.text("TIKTOK_SHOP_URL", "https://open-api.tiktokglobalshop.com"),
    "auth_url": env.text("TIKTOK_AUTH_URL", "https://auth.tiktok-shops.com"),
    "ads_app_id": env.text("TIKTOK_ADS_APP_ID", ""),
    "ads_secret": env.text("TIKTOK_ADS_SECRET", ""),
    "shop_app_key": env.text("TIKTOK_SHOP_APP_KEY", ""),
    "shop_app_secret": env.text("TIKTOK_SHOP_APP_SECRET", ""),
    "shop_service_id": env.text("TIKTOK_SHOP_SERVICE_ID", ""),
    # How many times faster than TikTok's guidance the app may call: its own limits decide.
    "pace": env.number("TIKTOK_PACE", 50 if DEMO or env.flag("SPARKOPS_TEST") else 1),
    # The consent page of sellers; outside the US it is another host.
    "services_url": env.text("TIKTOK_SERVICES_URL", "https://services.us.tiktokshop.com"),
}

LOGGING = logs.configure(as_json=not LOCAL)
LOGGING_CONFIG = "logging.config.dictConfig"
SILENCED_SYSTEM_CHECKS: list[str] = []
