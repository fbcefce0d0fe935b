"""The demo's settings for a stack that tests kill: real mail, connections as in production."""

# ruff: noqa: F403, F405

from servicedesk import env
from servicedesk.settings.demo import *

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# As in production: a connection is kept, and one that a restarted server has closed is noticed.
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
WHITENOISE_AUTOREFRESH = False
# A whole suite signs in from one address.
ACCOUNT_RATE_LIMITS = False  # type: ignore[assignment]

_every = float(env.integer("FEEDBACK_ADVANCE_SECONDS", 60, least=1))
CELERY_BEAT_SCHEDULE["advance-feedback"] |= {
    "schedule": _every,
    "options": {"expires": _every},
}
