"""allauth's two addresses of OpenID Connect, for a provider that may be away or talk nonsense."""

from __future__ import annotations

import logging

from allauth.socialaccount.providers.openid_connect import views
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path
from requests import RequestException

from servicedesk.sign_in import refusal

logger = logging.getLogger(__name__)

# Not answered, no JSON, or JSON without what a provider has to say.
NONSENSE = (RequestException, ValueError, KeyError, TypeError)


def login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Lead to the provider."""
    try:
        answer: HttpResponseBase = views.login(request, provider_id)
    except NONSENSE:
        logger.exception("The provider of OpenID Connect could not be asked")
        return refusal(request, "failed", status=502)
    return answer


def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Take in whoever comes back."""
    try:
        answer: HttpResponseBase = views.callback(request, provider_id)
    except NONSENSE:
        logger.exception("The provider of OpenID Connect could not be understood")
        return refusal(request, "failed", status=502)
    return answer


# Before those of allauth, under their names.
urlpatterns: list[URLPattern] = [
    path("accounts/oidc/<provider_id>/login/", login),
    path("accounts/oidc/<provider_id>/login/callback/", callback),
]
