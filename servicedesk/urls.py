"""The whole address space: what each page package answers to, sign-in, health, administration."""

from django.conf import settings
from django.urls import include, path
from django.views.defaults import page_not_found

from servicedesk import health, oidc, theme

# allauth's own pages that have no place here: addresses come from the directory, accounts too.
NOT_HERE = (
    "accounts/email/",
    "accounts/signup/",
    "accounts/3rdparty/",
    "accounts/3rdparty/signup/",
)

urlpatterns = [
    path("", include("servicedesk.portal.urls")),
    path("", include("servicedesk.conversation.urls")),
    path("", include("servicedesk.desk.urls")),
    path("", include("servicedesk.dashboards.urls")),
    path("api/", include("servicedesk.api.urls")),
    path("", include("servicedesk.administration.urls")),
    *(path(address, page_not_found, {"exception": None}) for address in NOT_HERE),
    *oidc.urlpatterns,
    path("accounts/", include("allauth.urls")),
    path("theme/", theme.choose_theme, name="theme"),
    path("readyz", health.ready, name="readyz"),
]

if settings.GALLERY:
    from servicedesk.gallery import gallery

    urlpatterns += [path("design/", gallery, name="gallery")]
