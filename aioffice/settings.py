"""All settings, from the environment where a deployment differs; docs/settings.md lists the variables."""

import os
from datetime import timedelta
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from redis.backoff import NoBackoff
from redis.retry import Retry

from aioffice import logs
from aioffice.databases import env_database, env_replica
from aioffice.env import (
    LOOPBACK,
    env_bool,
    env_contact,
    env_folder,
    env_hosts,
    env_networks,
    env_number,
    env_rate,
    env_redis,
    env_secret,
    env_secrets,
    env_url,
)

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
# What can be made anew at any time: the search indexes and the files of editions.
CACHE_DIR = Path(os.environ.get("CACHE_DIR", "").strip() or VAR_DIR / "cache")
if CACHE_DIR.exists() and not CACHE_DIR.is_dir():
    raise ImproperlyConfigured(f"CACHE_DIR is {str(CACHE_DIR)!r}, a file: name a folder.")

# The address under which readers reach the site. On loopback the site runs for one person at one machine;
# anywhere else the production rules hold: https, a secret of its own, secure cookies, hashed static files.
SITE = env_url("SITE_URL", "http://127.0.0.1:8000")
SITE_URL = SITE.geturl().rstrip("/")
LOCAL = SITE.hostname in LOOPBACK

DEBUG = env_bool("DEBUG", False)
if DEBUG and not LOCAL:
    raise ImproperlyConfigured(
        "DEBUG shows the site's insides: switch it on only with a SITE_URL on this machine."
    )
SECRET_KEY = env_secret("SECRET_KEY", VAR_DIR / "secret-key" if LOCAL else None)
# Earlier secrets: what was signed with them still holds (docs/deployment.md says how to change one).
SECRET_KEY_FALLBACKS = env_secrets("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env_hosts(
    "ALLOWED_HOSTS", [SITE.hostname, *(("localhost", "127.0.0.1", "[::1]") if LOCAL else ())]
)
# Where "Report an error" on every page leads: a mail address or a page; without it there is no such link.
REPORT_ERRORS_TO = env_contact("REPORT_ERRORS_TO")
# Where whoever finds a weakness tells of it: /.well-known/security.txt.
SECURITY_CONTACT = env_contact("SECURITY_CONTACT") or REPORT_ERRORS_TO

# Where a backup is taken after each publication, and how many are kept there.
BACKUP_DIR = env_folder("BACKUP_DIR")
BACKUPS_KEPT = env_number("BACKUPS_KEPT", 30, 1, 10_000)

# How often one client may ask the API; on one's own machine there is no limit.
API_RATE = env_rate("API_RATE", "" if LOCAL else "600/minute")

ROOT_URLCONF = "aioffice.urls"
WSGI_APPLICATION = "aioffice.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "units",
    "mptt",
    "aioffice.apps.DirectoryAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.forms",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "rest_framework",
    "drf_spectacular",
]

MIDDLEWARE = [
    "aioffice.proxies.only_from_trusted_proxies",
    "aioffice.proxies.compare_weakly",
    "units.replica.read_from_replica",
    "units.keeping.middleware.keep_answers",
    "aioffice.logs.log_requests",
    "aioffice.headers.harden",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "units.middleware.answer_whoever_watches",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "units.api.middleware.open_to_all",
    "units.middleware.refuse_what_no_page_can_read",
    "units.keeping.middleware.refuse_in_an_outage",
    "units.middleware.refuse_other_methods",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "aioffice.sign_in.only_with_second_factor",
    "units.middleware.refuse_bodies_too_large",
    "units.middleware.tell_who_acts",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]

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
            ],
        },
    },
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# How long a statement may take, in seconds; no limit (0) for commands, which rewrite files and migrate. The
# server sets its own (wsgi.py).
STATEMENT_TIMEOUT = env_number("STATEMENT_TIMEOUT", 0, 0, 86_400)
USUAL = f"sqlite:///{VAR_DIR / 'directory.sqlite3'}"
DATABASES = {"default": env_database("DATABASE_URL", USUAL, STATEMENT_TIMEOUT, VAR_DIR)}
if REPLICA := env_replica("REPLICA_URL", DATABASES["default"], STATEMENT_TIMEOUT):
    DATABASES["replica"] = REPLICA
DATABASE_ROUTERS = ["units.replica.Router"]

# Answers that were made are kept, in each process or in a Redis that all share (units/keeping). Those to
# addresses with parameters, of which there are endless ones, push none of the others out.
KEPT_ANSWERS = env_number("KEPT_ANSWERS", 1_000, 0, 1_000_000)
KEEP_ANSWERS = KEPT_ANSWERS > 0
CACHE_URL = env_redis("CACHE_URL")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
for name, most in {"answers": KEPT_ANSWERS, "asked": KEPT_ANSWERS // 2}.items():
    if CACHE_URL:
        CACHES[name] = {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": CACHE_URL,
            "KEY_PREFIX": f"aioffice-{name}",
            "TIMEOUT": 30 * 24 * 3600,
            "OPTIONS": {
                "socket_connect_timeout": 0.5,  # seconds
                "socket_timeout": 0.5,
                "retry": Retry(NoBackoff(), 0),  # an answer is made anew sooner
            },
        }
    else:
        CACHES[name] = {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": name,
            "TIMEOUT": None,
            "OPTIONS": {"MAX_ENTRIES": most},
        }

PASSWORD_HASHERS = [
    f"django.contrib.auth.hashers.{name}"
    for name in ("Argon2PasswordHasher", "PBKDF2PasswordHasher", "ScryptPasswordHasher")
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

# Failures count for an account from one address: nobody locks out an office, nor an editor for ever, because
# attempts while locked out do not prolong it.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "aioffice.proxies.client_address"
AXES_LOCKOUT_CALLABLE = "aioffice.sign_in.locked_out"
AXES_SENSITIVE_PARAMETERS = ["code"]  # beside the password, which is never kept
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = AXES_VERBOSE = False

# Whether editors need a code from an authenticator too (manage.py second_factor), and whether a draft is
# published by somebody else than who changed it last.
SECOND_FACTOR = env_bool("SECOND_FACTOR", False)
SECOND_PERSON_APPROVES = env_bool("SECOND_PERSON_APPROVES", False)
OTP_TOTP_ISSUER = "AI Office directory"

# A working day from signing in, however busy; cookies that no other website's page is sent with.
SIGNED_IN_FOR = timedelta(hours=8)
SESSION_COOKIE_AGE = int(SIGNED_IN_FOR.total_seconds())
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
LOGIN_REDIRECT_URL = "admin:index"  # where `next` leads to another site, say
CSRF_FAILURE_VIEW = "units.errors.csrf_failure"
# Not in a cookie of their own.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
if SITE.scheme == "https":
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"

LOGGING = logs.config(is_json=not LOCAL)

LANGUAGE_CODE = "en-gb"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Brussels"
# Looking for translations where there are none takes a fifth of a page's time.
USE_I18N = any(LOCALE_PATHS[0].glob("*/LC_MESSAGES/*.mo"))
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "static-collected"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = LOCAL
WHITENOISE_ALLOW_ALL_ORIGINS = False

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE.scheme == "https"
# To the one address, not to whatever host and port were asked for: a cache could keep that for others.
SECURE_SSL_HOST = SITE.netloc
SECURE_REDIRECT_EXEMPT = [r"^health/"]  # whoever watches asks the server itself, past the proxy
SECURE_HSTS_SECONDS = 31_536_000 if SITE.scheme == "https" else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SITE.scheme == "https"
# What a proxy says of a request (by TLS? from where?) counts only where it comes from one of these.
BEHIND_TLS_PROXY = env_bool("BEHIND_TLS_PROXY", False)
TRUSTED_PROXIES, TRUSTS_SOCKET = env_networks("TRUSTED_PROXIES", ["127.0.0.0/8", "::1", "unix"])
if BEHIND_TLS_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# A draft that is brought up to date asks one question for each conflict, and there can be thousands.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # bytes of a form, without files
CSRF_TRUSTED_ORIGINS = [SITE_URL]

REST_FRAMEWORK = {
    # Nobody signs in, so nothing sets or reads a cookie.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["units.api.renderers.Json"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "units.api.renderers.Negotiation",
    "DEFAULT_THROTTLE_CLASSES": ["units.api.throttling.PerClient"],
    "DEFAULT_SCHEMA_CLASS": "units.api.schema.Schema",
    "EXCEPTION_HANDLER": "units.api.problems.answer_to",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "AI Office directory",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "PREPROCESSING_HOOKS": ["units.api.schema.without_suffixes"],
    "POSTPROCESSING_HOOKS": ["units.api.schema.finish"],
}
