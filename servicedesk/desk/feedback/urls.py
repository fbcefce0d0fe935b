"""Addresses of the lead's page about what people say, under manage/<department>/feedback/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from servicedesk.desk.feedback import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.feedback, name="feedback"),
    path("<int:pk>/", views.settle, name="recovery"),
    path("<int:pk>/take/", views.take, name="recovery_take"),
]
