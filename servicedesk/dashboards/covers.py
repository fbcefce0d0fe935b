"""Whose figures a person reads: what they manage or lead; administrators and the top, all."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from people.access import Standing, standing
from people.models import Department, User


def covers(rights: Standing) -> bool:
    """Whether there is any department whose figures the person reads."""
    return rights.is_administrator or rights.is_manager or bool(rights.lead_of)


def covered(user: User) -> list[Department]:
    """The departments that provide something and that the person covers, by name; one query.

    Raises PermissionDenied where there are none to cover.
    """
    rights = standing(user)
    if not covers(rights):
        raise PermissionDenied(_("Figures are for managers, leads and administrators."))
    providers = Department.objects.filter(services__isnull=False).distinct()
    if not (rights.manages_organisation or rights.is_administrator):
        providers = providers.filter(pk__in=rights.manages | rights.lead_of)
    return list(providers)


def manages(user: User, department_id: int) -> bool:
    """Whether the person opens the lists behind the department's figures, as its manager."""
    rights = standing(user)
    return rights.manages_organisation or department_id in rights.manages
