"""The demo's settings for a stack that tests kill: real mail, connections as in production."""

# ruff: noqa: F403, F405

from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

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

# The machine's clock, which a test may set wrong while everything runs: so many seconds.
_clock, _right = Path(env.text("CLOCK_IS_WRONG_BY")), timezone.now


def _as_the_clock_says() -> datetime:
    return _right() + timedelta(seconds=float(_clock.read_text()))


timezone.now = _as_the_clock_says
