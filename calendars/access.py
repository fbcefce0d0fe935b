"""Who may change a calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from calendars.models import Calendar
from people.access import standing

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from people.models import User


def editable_by(user: User) -> QuerySet[Calendar]:
    """The calendars that the person may change: those of the departments they lead."""
    return Calendar.objects.filter(department__in=standing(user).lead_of)


def require_edit(user: User | None, department_id: int) -> None:
    """Let leads of the department pass, and the desk itself (None). Raises PermissionDenied."""
    if user is not None and department_id not in standing(user).lead_of:
        raise PermissionDenied(_("A lead of the department says when it works."))
