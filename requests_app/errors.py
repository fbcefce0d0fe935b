"""Why a deed was not done, in words for whoever tried."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _


class DeskError(Exception):
    """A deed that was not done; `message` is for people, `field` names what was wrong."""

    def __init__(self, message: str, field: str | None = None) -> None:
        self.message = message
        self.field = field
        super().__init__(message, field)

    def __str__(self) -> str:
        return str(self.message)


class Refused(DeskError):
    """What was given will not do (pages answer 422)."""


class Overtaken(DeskError):
    """Somebody else did something that matters before this was sent (pages and API answer 409)."""


class NotAllowed(DeskError, PermissionDenied):
    """This person may not do this to a request that they may see (pages answer 403)."""


def require_fitting(text: str, limit: int, *, field: str) -> None:
    """Whether words can be kept as they are. Raises Refused, which names their field."""
    if len(text) > limit:
        raise Refused(
            _("This is %(given)d characters long; %(limit)d fit.")
            % {"given": len(text), "limit": limit},
            field=field,
        )
    if "\x00" in text:
        raise Refused(_("This has a character that cannot be kept."), field=field)
