"""Who may ask for a service, and who may change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from catalogue.models import Life, Service, ServiceQuerySet
from people.access import standing

if TYPE_CHECKING:
    from people.models import User


def services_for(user: User) -> ServiceQuerySet:
    """The services that the person may ask for today."""
    return Service.objects.published().open_to(user.department_id)


def may_ask(user: User, service: Service) -> bool:
    """Whether the person may ask for this service; at most one query."""
    if service.life != Life.PUBLISHED:
        return False
    return service.for_everyone or service.audience.filter(pk=user.department_id).exists()


def editable_by(user: User) -> ServiceQuerySet:
    """The services that the person may change: those of the departments they lead."""
    return Service.objects.filter(department__in=standing(user).lead_of)


def may_edit(user: User, service: Service) -> bool:
    """Whether the person may change, publish and retire it: a lead of its department."""
    return service.department_id in standing(user).lead_of


def require_edit(user: User | None, department_id: int) -> None:
    """Let leads of the department pass, and the desk itself (None). Raises PermissionDenied."""
    if user is not None and department_id not in standing(user).lead_of:
        raise PermissionDenied(_("A lead of the department does this."))
