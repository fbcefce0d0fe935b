"""The whole address space: what each page package answers to, sign-in, health, administration."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from servicedesk import health, theme

urlpatterns = [
    path("", include("servicedesk.portal.urls")),
    path("", include("servicedesk.conversation.urls")),
    path("", include("servicedesk.desk.urls")),
    path("", include("servicedesk.dashboards.urls")),
    path("api/", include("servicedesk.api.urls")),
    path("accounts/", include("allauth.urls")),
    path("theme/", theme.choose_theme, name="theme"),
    path("admin/", admin.site.urls),
    path("readyz", health.ready, name="readyz"),
]

if settings.GALLERY:
    from servicedesk.gallery import gallery

    urlpatterns += [path("design/", gallery, name="gallery")]
