"""Addresses of the calendar editor, under manage/<department>/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from servicedesk.desk.calendars import applying, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("calendars/", views.calendars, name="calendars"),
    path("calendars/new/", views.calendar_new, name="calendar_new"),
    path("calendars/look/", views.calendar_look, name="calendar_look"),
    path("calendars/<int:pk>/", views.calendar, name="calendar"),
    path("calendars/<int:pk>/default/", views.calendar_default, name="calendar_default"),
    path("calendars/<int:pk>/history/", views.calendar_history, name="calendar_history"),
    path("calendars/<int:pk>/requests/", applying.calendar_requests, name="calendar_requests"),
    path(
        "open-requests/agreement/<int:pk>/",
        applying.agreement_requests,
        name="agreement_requests",
    ),
    path("open-requests/<int:pk>/", applying.reapplying, name="reapplying"),
]
