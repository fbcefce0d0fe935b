"""Light, dark, or as the system has it: a cookie, so that it holds before anyone signs in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

COOKIE = "theme"
THEMES = ("light", "dark")
YEAR = 365 * 24 * 3600


def chosen_theme(request: HttpRequest) -> str:
    """Return "light" or "dark" where this browser has chosen, else an empty string."""
    theme = request.COOKIES.get(COOKIE, "")
    return theme if theme in THEMES else ""


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keep the choice in a cookie and go back to where one was; "" forgets it."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    response = redirect(back)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(
            COOKIE, theme, max_age=YEAR, samesite="Lax", secure=secure, httponly=True
        )
    else:
        response.delete_cookie(COOKIE)
    return response
