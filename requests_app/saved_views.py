"""Saved views: a view of a department's queue with a filter, kept under a name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from people.access import standing
from people.prepared import prepared
from requests_app.errors import NotAllowed, Refused
from requests_app.models import SavedView

if TYPE_CHECKING:
    from people.models import Department, User

MOST_OWN = 10
"""Views that one person keeps in a department."""
MOST_SHARED = 10
"""Views that a department shares; so nobody's side bar holds more than twenty."""


def seen_by(user: User, department_id: int) -> QuerySet[SavedView]:
    """The person's own views of a queue and those shared there, by name; none for others."""
    if department_id not in standing(user).agent_of:
        return SavedView.objects.none()
    return _seen_by(user.pk, department_id)


def shown_to(user: User, department_id: int) -> list[SavedView]:
    """Those of `seen_by` that a side bar holds: all there can be; one query."""
    if department_id not in standing(user).agent_of:
        return []
    return _shown(department_id, user.pk)


@prepared
def _shown(department_id: int, user_id: int) -> QuerySet[SavedView]:
    return _seen_by(user_id, department_id)[: MOST_OWN + MOST_SHARED]


def _seen_by(user_id: int, department_id: int) -> QuerySet[SavedView]:
    return (
        SavedView.objects.filter(department=department_id)
        .filter(Q(owner=user_id) | Q(is_shared=True))
        .order_by("name", "pk")
    )


def may_change(user: User, view: SavedView) -> bool:
    """Whoever keeps a view changes it; of a shared one a lead of the department does, too."""
    rights = standing(user)
    if view.department_id not in rights.agent_of:
        return False
    return view.owner_id == user.pk or (view.is_shared and view.department_id in rights.lead_of)


def keep(
    department: Department,
    *,
    name: str,
    view: str,
    query: str,
    is_shared: bool,
    by: User,
    at: datetime,
) -> SavedView:
    """Keep a view with its filter under a name; any agent there may share it.

    Raises NotAllowed, Refused.
    """
    if department.pk not in standing(by).agent_of:
        raise NotAllowed(_("This is for those who work in the department."))
    name = _checked(name)
    if len(query) > 500:
        raise Refused(_("This filter is too long to be kept."), "name")
    with _named_once(), transaction.atomic():
        _require_room(department.pk, by, is_shared=is_shared, is_new=True)
        return SavedView.objects.create(
            department=department,
            owner=by,
            name=name,
            view=view,
            query=query,
            is_shared=is_shared,
            updated_at=at,
        )


def rename(view: SavedView, *, name: str, is_shared: bool, by: User, at: datetime) -> SavedView:
    """Give a view another name, share it or no longer. Raises NotAllowed, Refused."""
    _require_theirs(view, by)
    name = _checked(name)
    with _named_once(), transaction.atomic():
        if is_shared and not view.is_shared:
            _require_room(view.department_id, by, is_shared=True, is_new=False)
        view.name, view.is_shared, view.updated_at = name, is_shared, at
        view.save(update_fields=["name", "is_shared", "updated_at"])
    return view


def remove(view: SavedView, *, by: User) -> None:
    """Take a view away; what it showed stays. Raises NotAllowed."""
    _require_theirs(view, by)
    view.delete()


def _require_theirs(view: SavedView, by: User) -> None:
    if not may_change(by, view):
        raise NotAllowed(_("Whoever keeps this view, or a lead, changes it."))


def _require_room(department_id: int, by: User, *, is_shared: bool, is_new: bool) -> None:
    views = SavedView.objects.filter(department=department_id)
    if is_new and views.filter(owner=by).count() >= MOST_OWN:
        raise Refused(_("You keep %(n)d views here; remove one first.") % {"n": MOST_OWN}, "name")
    if is_shared and views.filter(is_shared=True).count() >= MOST_SHARED:
        raise Refused(
            _("The department shares %(n)d views; remove one first.") % {"n": MOST_SHARED},
            "is_shared",
        )


def _checked(name: str) -> str:
    name = name.strip()
    if not name or "\x00" in name:
        raise Refused(_("Give the view a name."), "name")
    if len(name) > 60:
        raise Refused(_("A name has at most 60 characters."), "name")
    return name


@contextmanager
def _named_once() -> Iterator[None]:
    """Say in words that there is a view of this name already. Raises Refused."""
    try:
        yield
    except IntegrityError as error:
        if "saved_view_name_once" not in str(error):
            raise
        raise Refused(_("There is a view of this name already."), "name") from None
