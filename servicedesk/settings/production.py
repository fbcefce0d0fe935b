"""Production. Refuses to start half configured: see `refusals`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from servicedesk import env, logs
from servicedesk.settings.base import *

SECRET_KEY = env.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")  # old keys, while a new one is brought in
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
BASE_URL = env.text("BASE_URL").rstrip("/")
EMAIL_HOST = env.text("EMAIL_HOST")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("DEFAULT_FROM_EMAIL")
CSRF_TRUSTED_ORIGINS = [BASE_URL]

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.flag("SECURE_COOKIES", default=True)
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
# Only where a proxy of yours sets the header, and strips it from what comes in.
if env.flag("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Asked by probes from inside, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = env.integer("SECURE_HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=False)
# Whether every other host below this name speaks TLS, now and for years, is not the desk's to say.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DATABASES["default"]["OPTIONS"] = {"connect_timeout": 10} | DATABASES["default"]["OPTIONS"]
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}

# One object a line, and a line for each request; never what people typed.
LOG_REQUESTS = env.flag("LOG_REQUESTS", default=True)
LOGGING = logs.configuration(
    env.choice("LOG_FORMAT", logs.JSON, among=(logs.JSON, logs.TEXT)), LOG_LEVEL
)


def refusals(settings: Mapping[str, Any]) -> list[str]:
    """Every reason why the desk must not start with these settings; each names its variable."""
    found = []
    if settings["DEBUG"]:
        found.append("DEBUG must be off in production: error pages would show settings and code.")
    key = settings["SECRET_KEY"]
    if len(key) < 50 or len(set(key)) < 10:
        found.append("SECRET_KEY must have at least 50 characters, made at random.")
    if not (settings["SESSION_COOKIE_SECURE"] and settings["CSRF_COOKIE_SECURE"]):
        found.append("SECURE_COOKIES must be on in production: sessions would travel unencrypted.")
    if not settings["BASE_URL"].startswith("https://"):
        found.append("BASE_URL must begin with https:// (it stands in every mail).")
    if not settings["ALLOWED_HOSTS"] or "*" in settings["ALLOWED_HOSTS"]:
        found.append("ALLOWED_HOSTS must name the hosts the desk answers to, and not *.")
    if 0 < len(settings["METRICS_TOKEN"]) < 20:
        found.append("METRICS_TOKEN must have at least 20 characters, made at random, or be empty.")
    return found


if found := refusals(globals()):
    raise ImproperlyConfigured("The desk does not start like this:\n- " + "\n- ".join(found))
