"""Until the desk has its organisation: every page leads to the set-up, and a token opens that."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from people.models import Organisation

logger = logging.getLogger(__name__)

LEFT_ALONE = ("/set-up/", "/theme/", "/static/", "/api/", "/readyz", "/accounts/logout/")
_announced = False


def is_fresh() -> bool:
    """Whether nobody has set the desk up yet; one query."""
    return not Organisation.objects.exists()


def token() -> str:
    """What whoever sets up the desk must know: SETUP_TOKEN, or made from the secret key.

    The same in every process, stored nowhere, and worth nothing once the desk is set up.
    """
    given: str = settings.SETUP_TOKEN
    return given or salted_hmac("servicedesk.set-up", "token", algorithm="sha256").hexdigest()[:32]


def opens(given: str) -> bool:
    """Whether this is the token; always, where the settings ask for none."""
    return not settings.SETUP_TOKEN_REQUIRED or constant_time_compare(given.strip(), token())


class FirstRun:
    """Leads whoever is not signed in to the set-up, while there is no organisation.

    Who is signed in is somebody, so the desk is not fresh: no query is spent on them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            settings.FIRST_RUN
            and not request.path_info.startswith(LEFT_ALONE)
            and not request.user.is_authenticated
            and is_fresh()
        ):
            _announce()
            return HttpResponseRedirect(reverse("administration:set_up"))
        return self.get_response(request)


def _announce() -> None:
    """Tell whoever reads the server's log, once in each process, how to go on."""
    global _announced  # noqa: PLW0603
    if settings.SETUP_TOKEN_REQUIRED and not _announced:
        _announced = True
        where = f"{settings.BASE_URL}{reverse('administration:set_up')}"
        logger.warning("The desk is not set up yet. Open %s with the token %s", where, token())
