"""Deeds on the organisation and its people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from people.models import Department, Organisation, User

if TYPE_CHECKING:
    from datetime import datetime


class AlreadySetUpError(RuntimeError):
    """The desk has its organisation: nothing is set up twice."""


@transaction.atomic
def set_up(
    *,
    organisation: str,
    zone: str,
    country: str,
    department: str,
    name: str,
    email: str,
    password: str,
    at: datetime,
) -> User:
    """Make the organisation, a first department and the first administrator, who is in it.

    Raises AlreadySetUpError where there is an organisation; ValidationError, field by field, for
    what will not do. Nothing is kept of what was refused.
    """
    if Organisation.objects.exists():
        raise AlreadySetUpError
    Organisation.objects.create(pk=1, name=organisation, reporting_zone=zone)
    first = Department(
        key="ADM", slug="administration", name=department, zone=zone, country=country.upper()
    )
    first.full_clean()
    first.save()
    administrator = User(
        employee_number="1",
        email=email.strip().lower(),
        name=name,
        department=first,
        is_administrator=True,
        is_superuser=True,
        date_joined=at,
    )
    administrator.set_password(password)
    administrator.full_clean()
    administrator.save()
    return administrator
