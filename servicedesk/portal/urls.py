"""The pages of whoever asks."""

from django.urls import URLPattern, URLResolver, path

from servicedesk.portal.views import (
    asking,
    home,
    mailbox,
    notices,
    preview,
    profile,
    rating,
    requests,
    search,
    services,
)

app_name = "portal"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("landing/", home.landing, name="landing"),
    path("search/", search.search, name="search"),
    path("services/", services.services, name="services"),
    path("services/<slug:department>/", services.department, name="department"),
    path("services/<slug:department>/<slug:service>/", services.service, name="service"),
    path("services/<slug:department>/<slug:service>/promise/", services.promise, name="promise"),
    path("services/<slug:department>/<slug:service>/draft/", asking.keep_draft, name="draft"),
    path(
        "services/<slug:department>/<slug:service>/draft/forget/",
        asking.forget_draft,
        name="forget_draft",
    ),
    path(
        "services/<slug:department>/<slug:service>/favourite/", asking.favourite, name="favourite"
    ),
    path("services/<slug:department>/<slug:service>/preview/", preview.preview, name="preview"),
    path("people/suggest/", services.suggest, name="suggest"),
    path("requests/", requests.my_requests, name="my_requests"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read_all, name="read_all"),
    path("notices/<int:pk>/open/", notices.open_notice, name="open_notice"),
    path("rate/<str:token>/", rating.rate, name="rate"),
    path("me/", profile.profile, name="profile"),
    path("me/away/", profile.add_absence, name="add_absence"),
    path("me/away/<int:pk>/remove/", profile.remove_absence, name="remove_absence"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<int:pk>/", mailbox.mail, name="mail"),
    path("mailbox/<int:pk>/html/", mailbox.mail_html, name="mail_html"),
]
