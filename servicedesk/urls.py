"""The whole address space: what each page package answers to, sign-in, health, administration."""

from allauth.account.views import password_reset_from_key
from django.conf import settings
from django.http import HttpResponseBase
from django.urls import include, path, re_path
from django.views.defaults import page_not_found

from servicedesk import health, limits, meters, oidc, theme, tracing

# allauth's own pages that have no place here: addresses come from the directory, accounts too.
NOT_HERE = (
    "accounts/email/",
    "accounts/signup/",
    "accounts/3rdparty/",
    "accounts/3rdparty/signup/",
)


def leads_nowhere(answer: HttpResponseBase) -> bool:
    """Whether this answers a link for a new password that is not ours, or used, or too old."""
    return bool((getattr(answer, "context_data", None) or {}).get("token_fail"))


handler429 = limits.handler429
handler500 = tracing.server_error

urlpatterns = [
    path("", include("servicedesk.portal.urls")),
    path("", include("servicedesk.conversation.urls")),
    path("", include("servicedesk.desk.urls")),
    path("", include("servicedesk.dashboards.urls")),
    path("api/", include("servicedesk.api.urls")),
    path("", include("servicedesk.administration.urls")),
    *(path(address, page_not_found, {"exception": None}) for address in NOT_HERE),
    *oidc.urlpatterns,
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        limits.limited("wrong_links", only=leads_nowhere)(password_reset_from_key),
    ),
    path("accounts/", include("allauth.urls")),
    path("theme/", theme.choose_theme, name="theme"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", meters.page, name="metrics"),
]

if settings.GALLERY:
    from servicedesk.gallery import gallery

    urlpatterns += [path("design/", gallery, name="gallery")]
