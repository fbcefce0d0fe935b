"""Who may open these pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase

from people import access
from servicedesk.signed_in import SignedInRequest

View = Callable[..., HttpResponseBase]


def administrators_only(view: View) -> View:
    """Ask whoever is not signed in to sign in; refuse (403) whoever is no administrator."""

    @wraps(view)
    def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        access.require_administrator(request.user)
        return view(request, *args, **kwargs)

    return login_required(guarded)
