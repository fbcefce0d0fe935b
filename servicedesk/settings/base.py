"""What holds everywhere. The environment is read here, by `env`; the other files only override.

Targets, working hours and texts are data, not settings.
"""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF

from servicedesk import env, logs
from servicedesk.celery import schedule

ROOT = Path(__file__).resolve().parent.parent.parent

DEBUG = env.flag("DEBUG", default=False)
DEMO = False
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
BASE_URL = env.text("BASE_URL", "http://localhost:8000").rstrip("/")
ROOT_URLCONF = "servicedesk.urls"
WSGI_APPLICATION = "servicedesk.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "lucide",
    "people",
    "calendars",
    "catalogue",
    "requests_app",
    "slas",
    "feedback",
    "notices",
    "servicedesk",
    "servicedesk.portal",
    "servicedesk.conversation",
    "servicedesk.desk",
    "servicedesk.dashboards",
    "servicedesk.api",
    "servicedesk.administration",
]

MIDDLEWARE = [
    # First, so that whatever answers, an error or a file of ours included, carries the headers.
    "servicedesk.tracing.Traced",
    "servicedesk.middleware.NothingButThePage",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "servicedesk.health.Alive",
    "django.middleware.security.SecurityMiddleware",
    "servicedesk.health.Probed",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "servicedesk.administration.first_run.FirstRun",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "servicedesk.middleware.ReaderTimeZone",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "servicedesk" / "templates"],  # before those of allauth and the admin
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "servicedesk.context.frame",
            ],
        },
    },
]

# Each gives this person's sections of the side bar, in this order; see servicedesk.frame.
SIDE_BAR = [
    "servicedesk.desk.side.sections",
    "servicedesk.desk.services.side.sections",
    "servicedesk.dashboards.side.sections",
    "servicedesk.administration.side.sections",
]
GALLERY = DEBUG  # the page /design/, with all parts of the look

# Sessions and cache are in the database too: Redis may be lost and nobody is signed out.
DATABASES = {"default": env.database("DATABASE_URL")}
SESSION_ENGINE = "servicedesk.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
# Django's own widgets; only what a page has hundreds of is written without a template.
FORM_RENDERER = "servicedesk.quick_controls.QuickControls"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "servicedesk_cache",
        # It counts tries, too: a few hundred wrong ones must not push others out of it.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

REDIS_URL = env.redis("REDIS_URL")

# Each follows what is recorded on a request, in this order, as middleware does; see
# requests_app.timeline. These are the only names that lead upward.
TIMELINE_FOLLOWERS = [
    "requests_app.flow.follow",  # what came in and what left, for the figures
    "slas.clocks.follow",  # start, pause, resume, stop, retarget the promises
    "feedback.invitations.follow",  # a resolved request may be rated
    "notices.inbox.follow",  # who is told, in the app and by the outbox
]

SLA_SWEEP_SECONDS = env.integer("SLA_SWEEP_SECONDS", 10, least=1)
NOTICE_DELIVER_SECONDS = env.integer("NOTICE_DELIVER_SECONDS", 5, least=1)
NOTICE_BURST_SECONDS = env.integer(
    "NOTICE_BURST_SECONDS", 30
)  # what happens so close makes one mail
FEEDBACK_INVITE_AFTER_SECONDS = env.integer("FEEDBACK_INVITE_AFTER_SECONDS", 1800)

CELERY_BROKER_URL = REDIS_URL
CELERY_BEAT_SCHEDULE = schedule(sweep=SLA_SWEEP_SECONDS, deliver=NOTICE_DELIVER_SECONDS)
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # in memory: the beat keeps no file and no state
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = "UTC"
# Redis may be away at the start and go away later: worker and beat wait for it, for ever.
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CONNECTION_TIMEOUT = 5
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 10,  # a connection that died silently is noticed
    "socket_timeout": 10,  # and a server that does not answer is not waited for
    # What a worker took is confirmed to nobody: see servicedesk.celery.
    "ack_emulation": False,
}
# A web process that publishes must not hang on a lost broker; the next tick does the work anyway.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1, "interval_max": 0.2}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1  # ticks are short and expire; none should lie in a worker
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_TIME_LIMIT = 300

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{validator}"}
    for validator in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:landing"
LOGOUT_REDIRECT_URL = "/"

# Until there is an organisation every page leads to /set-up/, and whoever comes first must know the
# token that the server prints (SETUP_TOKEN, or made from the secret key).
FIRST_RUN = True
SETUP_TOKEN = env.text("SETUP_TOKEN", "")
SETUP_TOKEN_REQUIRED = True

# People come from the directory, never through a form: sign-up is closed by the adapter.
ACCOUNT_FORMS = {
    "login": "servicedesk.account_forms.SignIn",
    "reset_password": "servicedesk.account_forms.ForgottenPassword",
    "reset_password_from_key": "servicedesk.account_forms.NewPassword",
    "change_password": "servicedesk.account_forms.OtherPassword",
    "set_password": "servicedesk.account_forms.FirstPassword",
    "reauthenticate": "servicedesk.account_forms.StillYou",
}
ACCOUNT_ADAPTER = "servicedesk.sign_in.ClosedSignUp"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # who is not in the directory is not written to
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of a password or second factor that changed
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_PREVENT_ENUMERATION = True
# Counted in the database's cache, for all processes. A whole office may share one address; "key" is
# the account that is tried.
ACCOUNT_RATE_LIMITS = {
    "login": env.limits("LIMIT_SIGN_IN", "120/m/ip"),
    "login_failed": env.limits("LIMIT_WRONG_PASSWORDS", "30/m/ip,5/5m/key"),
    "reset_password": env.limits("LIMIT_PASSWORD_RESET", "20/m/ip,3/10m/key"),
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    "set_up": "10/m/ip",
}
RATE_LIMITS = {  # see servicedesk/limits.py; more than anyone does by hand
    "search": env.limits("LIMIT_SEARCH", "120/m/user"),
    "suggest": env.limits("LIMIT_SUGGEST", "300/m/user"),
    "wrong_links": env.limits("LIMIT_WRONG_LINKS", "60/10m/ip"),
    "api": env.limits("LIMIT_API", "600/m/user"),
    "api_signed_out": "60/m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.integer("TRUSTED_PROXIES", 0)  # how many add X-Forwarded-For

MFA_ADAPTER = "servicedesk.sign_in.OwnSecrets"
MFA_FORMS = {
    "authenticate": "servicedesk.account_forms.SecondFactor",
    "reauthenticate": "servicedesk.account_forms.SecondFactor",
    "activate_totp": "servicedesk.account_forms.FirstCode",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses come from the directory

# Sign-in by the organisation's own OpenID Connect, where the environment names it. Its callback is
# BASE_URL/accounts/oidc/desk/login/callback/.
SOCIALACCOUNT_ADAPTER = "servicedesk.sign_in.DirectoryPeople"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
# A link, not a form: a form may lead only to this desk (form-action of the policy below), and this
# leads away. What begins a sign-in on GET changes nothing here; its state is bound to the session.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = "oidc"
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
OIDC_DEPARTMENT_CLAIM = env.text("OIDC_DEPARTMENT_CLAIM", "")
OIDC_ISSUER = env.text("OIDC_ISSUER", "").rstrip("/")
SOCIALACCOUNT_PROVIDERS = {}
if OIDC_ISSUER:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": env.words("OIDC_SCOPE", "openid,profile,email"),
        "APPS": [
            {
                "provider_id": "desk",
                "name": env.text("OIDC_NAME", "your organisation"),
                "client_id": env.text("OIDC_CLIENT_ID"),
                "secret": env.text("OIDC_CLIENT_SECRET"),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ],
    }

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [ROOT / "servicedesk" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(ROOT / "staticfiles")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

EMAIL_BACKEND = env.text("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.integer("EMAIL_PORT", 25, least=1)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=False)
EMAIL_USE_SSL = env.flag("EMAIL_USE_SSL", default=False)
EMAIL_TIMEOUT = env.integer("EMAIL_TIMEOUT", 20, least=1)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Service desk <desk@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# One origin, nothing inline, nothing evaluated. Pictures are ours too; no page needs data: images.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True  # scripts take the token from the form they send
CSRF_COOKIE_SAMESITE = "Lax"

# Files that people attach, in bytes: a larger one is read no further (see servicedesk/uploads.py).
FILE_MOST_BYTES = env.integer("FILE_MOST_BYTES", 25 * 1024 * 1024, least=1)
FILE_UPLOAD_HANDLERS = [
    "servicedesk.uploads.NoLargerThanKept",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FILES = 20

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "EXCEPTION_HANDLER": "servicedesk.api.problems.handle",
    "DEFAULT_THROTTLE_CLASSES": ["servicedesk.limits.OfPrograms"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.CursorPagination",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Service desk",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
}

# What operates the desk; see docs/operations.md.
READY_NEEDS = env.choices("READY_NEEDS", "database,migrations", among=env.CHECKS)
READY_LATE_SECONDS = env.integer("READY_LATE_SECONDS", 120, least=1)
READY_REMEMBER_SECONDS = 1.0  # strangers may ask as often as they like
METRICS_TOKEN = env.text("METRICS_TOKEN", "")
METRICS_WORKER_PORT = env.integer("METRICS_WORKER_PORT", 0)
METRICS_WORKER_HOST = env.text("METRICS_WORKER_HOST", "127.0.0.1")
if _folder := env.text("PROMETHEUS_MULTIPROC_DIR", ""):
    Path(_folder).mkdir(mode=0o700, parents=True, exist_ok=True)

LOG_LEVEL = env.text("LOG_LEVEL", "INFO")
LOG_REQUESTS = env.flag("LOG_REQUESTS", default=False)
LOGGING = logs.configuration(env.choice("LOG_FORMAT", logs.PLAIN, among=logs.STYLES), LOG_LEVEL)
