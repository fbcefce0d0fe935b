"""Addresses of the API. Programs sign in as pages do; keys of their own come later."""

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularJSONAPIView

from servicedesk.api import views

app_name = "api"

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    path("services/", views.Services.as_view(), name="services"),
    path("services/<slug:department>/<slug:slug>/", views.ServiceCard.as_view(), name="service"),
    path("services/<slug:department>/<slug:slug>/requests/", views.Ask.as_view(), name="ask"),
    path("requests/", views.Requests.as_view(), name="requests"),
    path("requests/<str:reference>/", views.OneRequest.as_view(), name="request"),
    path("requests/<str:reference>/promises/", views.Promises.as_view(), name="promises"),
    path("requests/<str:reference>/<slug:name>/", views.Deed.as_view(), name="deed"),
]
