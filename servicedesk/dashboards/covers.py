"""Whose figures a person reads: what they manage or lead; administrators and the top, all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from people.access import Standing, standing
from people.models import Department, User
from people.prepared import prepared


@dataclass(frozen=True, slots=True)
class Coverage:
    """The departments whose figures a person reads, by name."""

    departments: Sequence[Department]
    is_whole: bool
    """They are the whole organisation."""
    opens: frozenset[int]
    """Of these the person opens the lists behind the figures: as manager or lead."""
    opens_all: bool
    """They are all of them, and there are any."""
    leads: frozenset[int]

    def called(self, slug: str) -> Department | None:
        """The one with this address, if it is covered."""
        return next((one for one in self.departments if one.slug == slug), None)


def covers(rights: Standing) -> bool:
    """Whether there is any department whose figures the person reads."""
    return rights.is_administrator or rights.is_manager or bool(rights.lead_of)


def covered(user: User) -> Coverage:
    """What the person covers, of the departments that provide something; one query.

    Raises PermissionDenied for who covers nothing.
    """
    rights = standing(user)
    if not covers(rights):
        raise PermissionDenied(_("Figures are for managers, leads and administrators."))
    is_whole = rights.manages_organisation or rights.is_administrator
    departments = _providers() if is_whole else _providers_of(rights.manages | rights.lead_of)
    ids = frozenset(one.pk for one in departments)
    opens = ids if rights.manages_organisation else ids & (rights.manages | rights.lead_of)
    return Coverage(departments, is_whole, opens, bool(ids) and opens == ids, rights.lead_of)


@prepared
def _providers() -> QuerySet[Department]:
    return Department.objects.filter(services__isnull=False).distinct()


@prepared
def _providers_of(ids: Collection[int]) -> QuerySet[Department]:
    return Department.objects.filter(services__isnull=False, pk__among=ids).distinct()
