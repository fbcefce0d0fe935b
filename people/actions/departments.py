"""What administrators do to the organisation, its departments and their teams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from people import access
from people.actions import _changing
from people.models import Department, Membership, Organisation, Team

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from people.models import User

ORGANISATION_FIELDS = ("name", "reporting_zone")
DEPARTMENT_FIELDS = (
    "name",
    "key",
    "slug",
    "description",
    "parent",
    "zone",
    "country",
    "subdivision",
    "icon",
)
TEAM_FIELDS = ("name", "department")


@transaction.atomic
def change_organisation(
    values: Mapping[str, Any], *, by: User | None, at: datetime
) -> Organisation:
    """Change name or reporting zone. Raises PermissionDenied, ValidationError."""
    access.require_administrator(by)
    return _changing.change(Organisation.objects.get(pk=1), values, by=by, at=at)


@transaction.atomic
def add_department(values: Mapping[str, Any], *, by: User | None, at: datetime) -> Department:
    """Make a department, without a team. Raises PermissionDenied, ValidationError."""
    access.require_administrator(by)
    return _changing.add(Department(**values), DEPARTMENT_FIELDS, by=by, at=at)


@transaction.atomic
def change_department(
    department: Department, values: Mapping[str, Any], *, by: User | None, at: datetime
) -> Department:
    """Change these fields. Raises PermissionDenied; ValidationError, also for a circle of parents.

    Whether its key may still change is for the caller to say: requests are above this package.
    """
    access.require_administrator(by)
    if values.get("parent") is not None:
        # whoever changes a parent holds all rows: two at once cannot close a circle between them
        parents = dict(
            Department.objects.select_for_update(no_key=True)
            .order_by("pk")
            .values_list("pk", "parent_id")
        )
        if _leads_to(department.pk, values["parent"].pk, parents):
            raise ValidationError(
                {"parent": _("%(name)s is part of this department.") % {"name": values["parent"]}}
            )
    return _changing.change(department, values, by=by, at=at)


def _leads_to(goal: int, start: int, parents: Mapping[int, int | None]) -> bool:
    """Whether one comes from `start`, going up, to `goal`."""
    here: int | None = start
    seen: set[int] = set()
    while here is not None and here not in seen:
        if here == goal:
            return True
        seen.add(here)
        here = parents.get(here)
    return False


@transaction.atomic
def add_team(department: Department, name: str, *, by: User | None, at: datetime) -> Team:
    """Make a team of the department. Raises PermissionDenied, ValidationError."""
    access.require_administrator(by)
    return _changing.add(Team(department=department, name=name), TEAM_FIELDS, by=by, at=at)


@transaction.atomic
def rename_team(team: Team, name: str, *, by: User | None, at: datetime) -> Team:
    """Give a team another name. Raises PermissionDenied, ValidationError."""
    access.require_administrator(by)
    return _changing.change(team, {"name": name}, by=by, at=at)


@transaction.atomic
def remove_team(team: Team, *, by: User | None, at: datetime) -> None:
    """Remove a team that nobody is in and nothing hangs on.

    Raises PermissionDenied; ValidationError where it has members, services or requests.
    """
    access.require_administrator(by)
    locked = Team.objects.select_for_update().get(pk=team.pk)
    if Membership.objects.filter(team=locked).exists():
        raise ValidationError(_("Someone is still in this team. Take its members out first."))
    try:
        with transaction.atomic():
            _changing.remove(locked, TEAM_FIELDS, by=by, at=at)
    except ProtectedError as error:
        raise ValidationError(
            _("Services or requests are this team's. Give them to another team first.")
        ) from error
