"""What is done to people: they come, change, are away, leave, and may come back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from people import access, audit
from people.actions import _changing
from people.models import Absence, Management, Membership, User

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

PERSON_FIELDS = ("name", "employee_number", "email", "department")
ABSENCE_FIELDS = ("user", "first_day", "last_day", "deputy")


@transaction.atomic
def add_person(values: Mapping[str, Any], *, by: User | None, at: datetime) -> User:
    """Make someone who can sign in once they have chosen a password (by the forgotten one's way).

    Raises PermissionDenied, ValidationError.
    """
    access.require_administrator(by)
    person = User(**_tidy(values), date_joined=at)
    person.set_unusable_password()
    return _changing.add(person, PERSON_FIELDS, by=by, at=at)


@transaction.atomic
def change_person(
    person: User, values: Mapping[str, Any], *, by: User | None, at: datetime
) -> User:
    """Change these fields of a person. Raises PermissionDenied, ValidationError."""
    access.require_administrator(by)
    return _changing.change(person, _tidy(values), by=by, at=at)


def _tidy(values: Mapping[str, Any]) -> dict[str, Any]:
    tidy = dict(values)
    if "email" in tidy:
        tidy["email"] = tidy["email"].strip().lower()
    return tidy


@transaction.atomic
def leave(person: User, *, by: User | None, at: datetime) -> User:
    """The person works here no longer: cannot sign in, and has no role; the history stays.

    Open work is for the caller to return: requests are above this package. Does nothing to someone
    who has left. Raises PermissionDenied; ValidationError for the last administrator.
    """
    access.require_administrator(by)
    if person.is_administrator:
        access.require_another_administrator(person)
    locked = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not locked.is_active:
        return locked
    was: dict[str, Any] = {
        "teams": [str(one.team) for one in locked.memberships.select_related("team")],
        "manages": [str(one.department or "*") for one in locked.managements.all()],
        "is_administrator": locked.is_administrator,
    }
    Membership.objects.filter(user=locked).delete()
    Management.objects.filter(user=locked).delete()
    locked.is_active = locked.is_administrator = locked.is_superuser = False
    locked.set_unusable_password()
    locked.save(update_fields=["is_active", "is_administrator", "is_superuser", "password"])
    changes = {name: [value, None] for name, value in was.items() if value}
    audit.record("left", locked, changes, by=by, at=at)
    return locked


@transaction.atomic
def return_person(person: User, *, by: User | None, at: datetime) -> User:
    """Someone who had left works here again, without any role. Raises PermissionDenied."""
    access.require_administrator(by)
    locked = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if locked.is_active:
        return locked
    locked.is_active = True
    locked.save(update_fields=["is_active"])
    audit.record("returned", locked, {}, by=by, at=at)
    return locked


@transaction.atomic
def add_absence(
    person: User,
    *,
    first_day: date,
    last_day: date,
    deputy: User | None,
    by: User,
    at: datetime,
) -> Absence:
    """Say on which days a person is away, the last one included, and who stands in.

    One's own, or anybody's by an administrator. Raises PermissionDenied; ValidationError for days
    that are said already, or a deputy who is the person or has left.
    """
    access.require_self_or_administrator(by, person)
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if last_day < first_day:
        raise ValidationError({"last_day": _("The last day is before the first.")})
    if deputy is not None and (deputy.pk == person.pk or not deputy.is_active):
        raise ValidationError({"deputy": _("Choose a colleague who works here.")})
    if person.absences.filter(first_day__lte=last_day, last_day__gte=first_day).exists():
        raise ValidationError({"first_day": _("Some of these days are on the list already.")})
    absence = Absence(user=person, first_day=first_day, last_day=last_day, deputy=deputy)
    return _changing.add(absence, ABSENCE_FIELDS, by=by, at=at)


@transaction.atomic
def remove_absence(absence: Absence, *, by: User, at: datetime) -> None:
    """The person is there after all. Raises PermissionDenied."""
    access.require_self_or_administrator(by, absence.user)
    _changing.remove(absence, ABSENCE_FIELDS, by=by, at=at)
