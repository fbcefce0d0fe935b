"""What administrators let people be: members and leads of teams, managers, administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from people import access, audit
from people.actions import _changing
from people.models import Department, Management, Membership, Team, User

if TYPE_CHECKING:
    from datetime import datetime

MEMBERSHIP_FIELDS = ("user", "team", "is_lead")
MANAGEMENT_FIELDS = ("user", "department")


def _require_active(person: User) -> None:
    if not person.is_active:
        raise ValidationError(_("%(name)s has left.") % {"name": person.name})


@transaction.atomic
def join_team(
    person: User, team: Team, *, is_lead: bool = False, by: User | None, at: datetime
) -> Membership:
    """The person works on the team's requests. Raises PermissionDenied, ValidationError."""
    access.require_administrator(by)
    _require_active(person)
    if Membership.objects.filter(user=person, team=team).exists():
        raise ValidationError(
            {"team": _("%(name)s is in this team already.") % {"name": person.name}}
        )
    membership = Membership(user=person, team=team, is_lead=is_lead)
    return _changing.add(membership, MEMBERSHIP_FIELDS, by=by, at=at)


@transaction.atomic
def set_lead(
    membership: Membership,
    is_lead: bool,
    *,
    by: User | None,
    at: datetime,
) -> Membership:
    """Make the member a lead of the team's department, or no longer. Raises PermissionDenied."""
    access.require_administrator(by)
    return _changing.change(membership, {"is_lead": is_lead}, by=by, at=at)


@transaction.atomic
def leave_team(membership: Membership, *, by: User | None, at: datetime) -> None:
    """The person is no longer in the team. Raises PermissionDenied.

    Work that the person may then no longer do is for the caller to return.
    """
    access.require_administrator(by)
    _changing.remove(membership, MEMBERSHIP_FIELDS, by=by, at=at)


@transaction.atomic
def make_manager(
    person: User, department: Department | None, *, by: User | None, at: datetime
) -> Management:
    """The person reads the figures of a department and those below it; of all, where None.

    Raises PermissionDenied, ValidationError.
    """
    access.require_administrator(by)
    _require_active(person)
    if Management.objects.filter(user=person, department=department).exists():
        raise ValidationError(
            {"department": _("%(name)s reads these figures already.") % {"name": person.name}}
        )
    management = Management(user=person, department=department)
    return _changing.add(management, MANAGEMENT_FIELDS, by=by, at=at)


@transaction.atomic
def end_management(management: Management, *, by: User | None, at: datetime) -> None:
    """The person reads those figures no longer. Raises PermissionDenied."""
    access.require_administrator(by)
    _changing.remove(management, MANAGEMENT_FIELDS, by=by, at=at)


@transaction.atomic
def set_administrator(
    person: User,
    is_administrator: bool,
    *,
    by: User | None,
    at: datetime,
) -> User:
    """Let the person change what this package holds, or no longer; never the last one.

    Raises PermissionDenied, ValidationError.
    """
    access.require_administrator(by)
    if is_administrator:
        _require_active(person)
    else:
        access.require_another_administrator(person)
    locked = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if locked.is_administrator == is_administrator:
        return locked
    locked.is_administrator = locked.is_superuser = is_administrator
    locked.save(update_fields=["is_administrator", "is_superuser"])
    changes = {"is_administrator": [not is_administrator, is_administrator]}
    audit.record("changed", locked, changes, by=by, at=at)
    return locked
