"""`make demo`: a believable company on this machine alone, with a mailbox page instead of mail."""

from django.core.management.utils import get_random_secret_key

from servicedesk import env, logs
from servicedesk.settings.base import *

DEMO = True
DEMO_SIGNINS = "servicedesk.demo.signins.sign_ins"  # who may be pressed on the sign-in page
# `make demo` keeps one under .local/ for all its processes; a command run by hand needs none.
SECRET_KEY = env.text("SECRET_KEY", get_random_secret_key())
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *ALLOWED_HOSTS]
PORT = env.integer("PORT", 8000, least=1)
BASE_URL = env.text("BASE_URL", f"http://localhost:{PORT}").rstrip("/")
EMAIL_BACKEND = "servicedesk.mailbox.DemoBackend"
SETUP_TOKEN_REQUIRED = False
# Served from where they lie: no collecting, and an edited style sheet shows at the next reload.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# On a terminal that somebody watches: what is amiss, and nothing else.
LOGGING = logs.configuration(
    env.choice("LOG_FORMAT", logs.PLAIN, among=logs.STYLES), env.text("LOG_LEVEL", "WARNING")
)
