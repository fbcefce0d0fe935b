"""How a desk begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from people import audit
from people.actions.departments import DEPARTMENT_FIELDS, ORGANISATION_FIELDS
from people.actions.employees import PERSON_FIELDS
from people.models import Department, Organisation, User

if TYPE_CHECKING:
    from datetime import datetime


class AlreadySetUpError(RuntimeError):
    """The desk has its organisation: nothing is set up twice."""


def _key(slug: str) -> str:
    """The first letters of the department's name, as the key that its references begin with."""
    letters = slug.replace("-", "")[:3].upper()
    return letters if len(letters) > 1 and letters[0].isalpha() and letters.isascii() else "ADM"


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
    reporting_zone: str = "",
) -> User:
    """Make the organisation, a first department and the first administrator, who is in it.

    `zone` is the department's; days and months of figures are those of `reporting_zone`, or of
    `zone` where there is none. Of two at once, one wins. Raises AlreadySetUpError where there is an
    organisation; ValidationError, field by field, for what will not do. Nothing is kept of what was
    refused.
    """
    desk = Organisation(pk=1, name=organisation, reporting_zone=reporting_zone or zone)
    desk.clean_fields()
    try:
        with transaction.atomic():
            desk.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadySetUpError from error
    slug = slugify(department)[:50] or "administration"
    first = Department(
        key=_key(slug), slug=slug, name=department, zone=zone, country=country.upper()
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
    made = (
        (desk, ORGANISATION_FIELDS),
        (first, DEPARTMENT_FIELDS),
        (administrator, (*PERSON_FIELDS, "is_administrator")),
    )
    audit.record_many(
        [
            ("created", thing, audit.difference({}, audit.state(thing, fields)))
            for thing, fields in made
        ],
        by=administrator,
        at=at,
    )
    return administrator
