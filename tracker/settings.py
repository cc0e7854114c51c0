"""Settings of the installation. Everything that differs between installations comes from the environment or .env.

Each variable is explained in .env.example. A value that cannot be used raises `tracker.env.BadSetting`, which the
entry points print as one sentence.
"""

import logging
import os
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from installation.queues import DEFAULT_QUEUE, routes
from tracker import __version__, installed
from tracker.anchoring import read_anchoring
from tracker.broker_limits import WHEN_SILENT
from tracker.database_limits import read_limits
from tracker.env import BadSetting, Reader, file_of, gather, state_folder
from tracker.headers import PERMISSIONS, content_policy
from tracker.logs import configure_structlog, logging_settings
from tracker.provider import read_provider

#: Shown at the foot of each page and to who watches the installation.
VERSION = __version__
BASE_DIR = Path(__file__).resolve().parent.parent
#: Where the installation keeps its files; for `make run` also its database, passwords and logs.
STATE_DIR = state_folder(BASE_DIR)
#: Commands of the owner of the tables sign in as DATABASE_OWNER_URL (manage.py decides); everything else may not.
AS_OWNER = os.environ.get("JEJAK_DATABASE_ROLE") == "owner"
_KEPT = [STATE_DIR / name for name in (("web.env", "owner.env") if AS_OWNER else ("web.env",))]
env = Reader(gather(file_of(BASE_DIR), *_KEPT))

ENVIRONMENT = env.choice("ENVIRONMENT", ("production", "development", "test"), "production")
_IN_PRODUCTION = ENVIRONMENT == "production"
SECRET_KEY = env.secret("SECRET_KEY", at_least=50)
#: Earlier keys: what they signed or encrypted can still be read.
SECRET_KEY_FALLBACKS = env.secrets("SECRET_KEY_FALLBACKS", at_least=50)
DEBUG = env.flag("DEBUG", default=False)
DEMO = env.flag("DEMO", default=False)
for _name, _on in (("DEBUG", DEBUG), ("DEMO", DEMO)):
    if _on and _IN_PRODUCTION:
        raise BadSetting(
            f"{_name} is on while ENVIRONMENT is production (its default): "
            f"write {_name}=false, or ENVIRONMENT=development where no real data are."
        )

_LOCAL = ("localhost", "127.0.0.1", "[::1]")
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS") if _IN_PRODUCTION else env.hosts("ALLOWED_HOSTS", _LOCAL)
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")
#: How many of our own proxies stand in front: that many entries of X-Forwarded-For are believed.
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0, at_least=0, at_most=9)
PORT = env.number("PORT", 8000, at_least=1, at_most=65535)
#: Processes and threads of the pages: gunicorn.conf.py reads them too, and a wrong one is refused at each start.
WEB_WORKERS, WEB_THREADS = env.web_size()
HTTPS = env.flag("HTTPS", default=_IN_PRODUCTION)
#: Of every cookie that only the server reads: no other host, not even one below our own domain, can set one of such a name, which needs HTTPS.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
#: Where people reach the site: the beginning of every link in a mail, whatever host a request named.
SITE_URL = env.origin("SITE_URL") if _IN_PRODUCTION else env.origin("SITE_URL", f"http://localhost:{PORT}")

INSTALLED_APPS, MIDDLEWARE = installed.INSTALLED_APPS, installed.MIDDLEWARE
ROOT_URLCONF = "tracker.urls"
WSGI_APPLICATION = "tracker.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
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
                "recommendations.context.shell",
                "search.context.search_box",
                "reminders.context_processors.bell",
                "tracker.maintenance.context",
            ],
        },
    }
]

_WEB_DATABASE = env.database("DATABASE_URL", demands_tls=_IN_PRODUCTION)
#: The role that `grant_web_role` gives rights to.
WEB_ROLE = _WEB_DATABASE["USER"]
if (
    AS_OWNER
    and (_OWNER_DATABASE := env.database("DATABASE_OWNER_URL", demands_tls=_IN_PRODUCTION))["USER"]
    == WEB_ROLE
):
    raise BadSetting(
        "DATABASE_OWNER_URL signs in as the same role as DATABASE_URL: write the owner of the tables there, "
        "and in DATABASE_URL a role that owns nothing."
    )
#: Whether a pool that gives each transaction another connection, such as PgBouncer, stands before the database.
DATABASE_POOLED = env.flag("DATABASE_POOLED", default=False)
PAGE_LIMITS, WORK_LIMITS = read_limits(env, is_owner=AS_OWNER)
#: A migration that waits for a table makes all who come after it wait: it gives up first.
MIGRATION_LOCK_SECONDS = env.number("DATABASE_MIGRATION_LOCK_SECONDS", 3, at_least=1, at_most=60)
_DATABASE = _OWNER_DATABASE if AS_OWNER else _WEB_DATABASE
#: What the address of the database says of the connection goes before the limits.
DATABASE_ASKED_OPTIONS = _DATABASE["OPTIONS"]
DATABASES = {
    "default": {
        **_DATABASE,
        "OPTIONS": {
            **WORK_LIMITS.options(is_pooled=DATABASE_POOLED and not AS_OWNER),
            **DATABASE_ASKED_OPTIONS,
        },
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": DATABASE_POOLED,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Counters of limits are shared by all workers on all hosts, so they live in the database (accounts.SharedCacheRow).
CACHES = {"default": {"BACKEND": "accounts.shared_cache.SharedCache", "LOCATION": "jejak_cache"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.EmailBackend"]
PASSWORD_HASHERS = ["accounts.hashers.SerialArgon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "accounts.passwords.BreachedPasswordValidator"},
    {"NAME": "accounts.passwords.GuessablePasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
#: Where the link of an invitation leads once the password is set.
FIRST_SIGN_IN_URL = "guides:welcome"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.password_forms.SignInForm",
    "change_password": "accounts.password_forms.ChangePasswordForm",
    "reset_password": "accounts.password_forms.ResetPasswordForm",
    "reauthenticate": "accounts.factor_sign_in.PasswordAgainForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
# Failed sign-ins have limits of their own, with waits that grow (accounts.attempts).
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": None,
    "reset_password": "20/h/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
}
#: Acts of weight ask again who one is when the last proof is older (ui.recent_proof).
ACCOUNT_REAUTHENTICATION_TIMEOUT = 60 * env.number(
    "PROOF_MINUTES", 10, at_least=1, at_most=60 if _IN_PRODUCTION else 1440
)
#: For how many days without a sign-in a browser stays one of a person's known devices.
KNOWN_DEVICE_DAYS = env.number("KNOWN_DEVICE_DAYS", 180, at_least=1, at_most=400)
DEVICE_COOKIE_NAME = f"{COOKIE_PREFIX}device"
USERSESSIONS_TRACK_ACTIVITY = False
#: How much one person and one agency may ask for (accounts.quotas): files an hour, their bytes a day, heavy requests an
#: hour, searches a minute.
QUOTA_UPLOADS = env.number("QUOTA_UPLOADS", 300, at_least=1, at_most=1_000_000)
QUOTA_UPLOADS_AGENCY = env.number("QUOTA_UPLOADS_AGENCY", 3_000, at_least=1, at_most=1_000_000)
QUOTA_UPLOAD_BYTES = env.number("QUOTA_UPLOAD_BYTES", 10 * 1024**3, at_least=1024, at_most=1024**5)
QUOTA_UPLOAD_BYTES_AGENCY = env.number(
    "QUOTA_UPLOAD_BYTES_AGENCY", 40 * 1024**3, at_least=1024, at_most=1024**5
)
QUOTA_HEAVY = env.number("QUOTA_HEAVY", 600, at_least=1, at_most=1_000_000)
QUOTA_HEAVY_AGENCY = env.number("QUOTA_HEAVY_AGENCY", 6_000, at_least=1, at_most=1_000_000)
QUOTA_SEARCHES = env.number("QUOTA_SEARCHES", 240, at_least=1, at_most=1_000_000)
SESSION_ENGINE = "accounts.session_store"
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
#: The provider at which people may sign in too (OIDC_…); None where there is none.
OIDC = read_provider(env, in_production=_IN_PRODUCTION)
OIDC_COOKIE_NAME = f"{COOKIE_PREFIX}provider-sign-in"

#: Roles that must sign in with a second factor. In production administrators and reviewers always must.
SECOND_FACTOR_REQUIRED = env.roles(
    "SECOND_FACTOR_REQUIRED",
    always=frozenset({"administrator", "reviewer"} if _IN_PRODUCTION else ()),
)
MFA_ADAPTER = "accounts.factor_adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "accounts.factor_sign_in.CodeForm",
    "authenticate_webauthn": "accounts.factor_sign_in.PasskeyForm",
    "reauthenticate": "accounts.factor_sign_in.CodeAgainForm",
    "reauthenticate_webauthn": "accounts.factor_sign_in.PasskeyAgainForm",
}
#: A phone's clock may be half a minute wrong; each code still works once (`accounts.services.factors`).
MFA_TOTP_TOLERANCE = 1

# Desks are shared: the session ends with the browser, when nothing was done for a while, and after a working day.
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
#: Seconds that a session may be idle, and may last at most: of reviewers and administrators, and of everybody else.
SESSION_LIMITS = {
    whose.lower(): (
        60 * env.number(f"IDLE_MINUTES_{whose}", idle, at_least=5, at_most=1440),
        3600 * env.number(f"SESSION_HOURS_{whose}", hours, at_least=1, at_most=24),
    )
    for whose, idle, hours in (("MAPO", 30, 10), ("AGENCY", 60, 12))
}
SESSION_COOKIE_AGE = max(longest for _idle, longest in SESSION_LIMITS.values())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
#: A language that was chosen before sign-in, to be the person's afterwards.
CHOSEN_LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}chosen-language"
#: The names of what was sent and done, which a script of the page reads (keep.js), and what the next page is to say.
ARRIVED_COOKIE_NAME = f"{COOKIE_PREFIX}arrived"
MESSAGES_COOKIE_NAME = f"{COOKIE_PREFIX}messages"
#: Says that a session may send a file of gigabytes to be verified (reports.views.large_files).
LARGE_FILES_COOKIE_NAME = f"{COOKIE_PREFIX}large-files"
MESSAGE_STORAGE = "ui.message_cookie.MessageStorage"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600

#: Where a weakness is reported: the address in /.well-known/security.txt, which is not there without one.
SECURITY_CONTACT = env.contact("SECURITY_CONTACT")

#: Who carries one of these in `Authorization: Bearer …` reads /metrics and the parts of /health/ready/; nobody without.
METRICS_TOKENS = env.secrets(
    "METRICS_TOKEN", at_least=32, what="a long random text, or two while one is replaced"
)

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "security.W021",  # Whether a domain goes on the browsers' preload list is its owner's decision.
]
CONTENT_SECURITY_POLICY = {"DIRECTIVES": content_policy(forms_to=[OIDC.origin] if OIDC else [])}
PERMISSIONS_POLICY = PERMISSIONS

LANGUAGE_CODE = "ms"
LANGUAGES = [("ms", _("Malay")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Kuala_Lumpur"
USE_TZ = True

CSRF_FAILURE_VIEW = "accounts.resume.csrf_failure"

STATIC_URL = "/static/"
STATIC_ROOT = env.folder("STATIC_ROOT", default=BASE_DIR / "staticfiles")
MEDIA_ROOT = env.folder("MEDIA_ROOT", default=STATE_DIR / "media")
#: Where scripts of backups leave a note of each; and how old the newest whole backup may be, in hours (0: none is expected).
BACKUP_NOTES = env.folder("BACKUP_NOTES", default=STATE_DIR / "backup-notes")
BACKUP_DATABASE_HOURS, BACKUP_FILES_HOURS = (
    env.number(f"BACKUP_{what}_HOURS", hours if _IN_PRODUCTION else 0, at_least=0, at_most=1000)
    for what, hours in (("DATABASE", 26), ("FILES", 3))
)
FONTS_ROOT = STATE_DIR / "fonts"
BUNDLES_ROOT = STATE_DIR / "bundles"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "ui.finders.FontFinder",
    "ui.finders.BundleFinder",
]
_PLAIN_STATIC = DEBUG or ENVIRONMENT == "test"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if _PLAIN_STATIC
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
#: By itself WhiteNoise lets pages of any other site read static files.
WHITENOISE_ALLOW_ALL_ORIGINS = False

SCANNER = env.choice("SCANNER", ("clamav", "none"), "clamav")
CLAMD_ADDRESS = env.scanner_address("CLAMD_ADDRESS")
if SCANNER == "clamav" and not CLAMD_ADDRESS:
    raise BadSetting(
        "CLAMD_ADDRESS is not set: write where ClamAV listens, for example clamav:3310, "
        "or SCANNER=none to say openly that files are not scanned."
    )
if SCANNER == "none" and CLAMD_ADDRESS:
    raise BadSetting(
        "SCANNER is none although CLAMD_ADDRESS is set: write SCANNER=clamav, or remove CLAMD_ADDRESS."
    )
MAX_UPLOAD_BYTES = env.number("MAX_UPLOAD_BYTES", 25 * 1024 * 1024, at_least=1024, at_most=1024**3)
# Every posted file goes to MEDIA_ROOT/tmp, hashed and bounded, whatever the form; Django's own keep no limit.
FILE_UPLOAD_HANDLERS = ["evidence.uploads.EvidenceUploadHandler"]
#: Files are opened in processes that the kernel shuts in; "limits" does without it, where it cannot (ADR 17).
SANDBOX = env.choice("SANDBOX", ("kernel", "limits"), "kernel")
#: The highest Clearance whose bytes this installation may keep (0 open … 4 top secret).
CLASSIFICATION_CEILING = env.number("CLASSIFICATION_CEILING", 2, at_least=0, at_most=4)

BROKER_URL = env.broker("BROKER_URL")
#: How many tasks of each queue run at once (installation.queues).
WORKER_MAILS = env.number("WORKER_MAILS", 1, at_least=1, at_most=64)
WORKER_REMINDERS = env.number("WORKER_REMINDERS", 2, at_least=1, at_most=64)
WORKER_FILES = env.number("WORKER_FILES", 2, at_least=1, at_most=64)
WORKER_SUMMARIES = env.number("WORKER_SUMMARIES", 1, at_least=1, at_most=64)
CELERY_TASK_ROUTES = routes()
CELERY_TASK_DEFAULT_QUEUE = DEFAULT_QUEUE
#: Seconds between two turns of planning and sending, and how long a worker has a mail in hand before another may.
REMINDERS_EVERY_SECONDS = env.number("REMINDERS_EVERY_SECONDS", 60, at_least=1, at_most=3600)
REMINDERS_LEASE_SECONDS = env.number("REMINDERS_LEASE_SECONDS", 240, at_least=30, at_most=3600)
#: Days for which the bytes of a summary are kept; up to how many rows one is made while its reader waits; and how long
#: a summary waits for the next attempt when the worker that had it in hand fell.
REPORTS_KEEP_DAYS = env.number("REPORTS_KEEP_DAYS", 30, at_least=1, at_most=3650)
REPORTS_AT_ONCE_ROWS = env.number("REPORTS_AT_ONCE_ROWS", 500, at_least=0, at_most=100_000)
REPORTS_LEASE_SECONDS = env.number("REPORTS_LEASE_SECONDS", 120, at_least=10, at_most=3600)
CELERY_TIMEZONE = TIME_ZONE
# Messages are JSON, and a worker drops any other unread: a pickle in the broker would run as code.
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = CELERY_EVENT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "tracker.schedule:ClockSafeScheduler"
CELERY_BEAT_SCHEDULE_FILENAME = env.text("BEAT_SCHEDULE", str(STATE_DIR / "beat-schedule"))
# memory:// has no worker: tasks run at once, in the caller (tests).
CELERY_TASK_ALWAYS_EAGER = CELERY_TASK_EAGER_PROPAGATES = BROKER_URL == "memory://"
if BROKER_URL.startswith("filesystem://"):
    _BROKER_DIR = BROKER_URL.removeprefix("filesystem://")
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": _BROKER_DIR,
        "data_folder_out": _BROKER_DIR,
        "control_folder": f"{_BROKER_DIR}/control",
        # A worker that has a task in hand waits so long before it looks for its next: by default a second, a mail a second.
        "polling_interval": 0.1,
    }
else:
    CELERY_BROKER_URL = BROKER_URL
    if BROKER_URL.startswith("redis"):
        CELERY_BROKER_TRANSPORT_OPTIONS = WHEN_SILENT

_MAIL = env.email("EMAIL_URL") if _IN_PRODUCTION else env.email("EMAIL_URL", f"file://{STATE_DIR / 'mail'}")
#: The folder in which mails land in place of a server (EMAIL_URL=file://…); empty otherwise.
EMAIL_FILE_PATH = ""
globals().update(_MAIL)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Jejak <jejak@localhost>")

#: Where the head of the log's chain is anchored each night, and when administrators are told that it is not (docs/anchors.md).
ANCHORING = read_anchoring(env)

#: Who is mailed when something fails; nobody where it is empty (installation.error_reports).
ERROR_REPORT_ADDRESSES = env.addresses("ERROR_REPORT_ADDRESSES")
LOGGING = logging_settings(
    env.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"),
    reports=bool(ERROR_REPORT_ADDRESSES),
)
configure_structlog()
#: One line a request: that it began is said only where everything is.
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG

CRISPY_ALLOWED_TEMPLATE_PACKS = ["jejak"]
CRISPY_TEMPLATE_PACK = "jejak"
