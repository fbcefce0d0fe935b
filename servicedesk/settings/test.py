"""The test suite: quick hashes, mail in memory, nothing served twice."""

from servicedesk.settings.base import *

SECRET_KEY = "tests only: signs nothing that leaves this process"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1", "[::1]"]
BASE_URL = "http://testserver"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
FEEDBACK_INVITE_AFTER_SECONDS = 1800
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
GALLERY = True
FIRST_RUN = False  # most tests begin where the desk is set up already; those of it turn it on
SETUP_TOKEN_REQUIRED = False
READY_REMEMBER_SECONDS = 0.0
