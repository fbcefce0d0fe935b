"""Addresses of the service editor, under manage/<department>/services/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from servicedesk.desk.services.views import forming, publishing, registering

urlpatterns: list[URLPattern | URLResolver] = [
    path("", registering.services, name="services"),
    path("new/", registering.service_new, name="service_new"),
    path("look/", registering.look, name="service_look"),
    path("<slug:service>/", registering.service_edit, name="service_edit"),
    path("<slug:service>/form/", forming.service_form, name="service_form"),
    path("<slug:service>/form/add/", forming.question_new, name="question_new"),
    path("<slug:service>/form/question/<str:key>/", forming.question, name="question"),
    path("<slug:service>/publish/", publishing.service_publish, name="service_publish"),
    path("<slug:service>/retire/", publishing.service_retire, name="service_retire"),
    path("<slug:service>/reopen/", publishing.service_reopen, name="service_reopen"),
    path(
        "<slug:service>/versions/<int:number>/", publishing.service_version, name="service_version"
    ),
]
