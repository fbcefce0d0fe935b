"""The services that a person wants at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from people.prepared import prepared
from requests_app.models import Favourite

if TYPE_CHECKING:
    from datetime import datetime

    from catalogue.models import Service
    from people.models import User


def add(user: User, service: Service, *, at: datetime) -> None:
    """Have the service at hand from now on; a second time changes nothing."""
    Favourite.objects.get_or_create(user=user, service=service, defaults={"at": at})


def remove(user: User, service: Service) -> None:
    """Have it at hand no longer."""
    Favourite.objects.filter(user=user, service=service).delete()


def is_one(user: User, service: Service) -> bool:
    """Whether the person has it at hand; one query."""
    return bool(_one(user.pk, service.pk))


@prepared
def _one(user_id: int, service_id: int) -> QuerySet[Favourite, int]:
    found = Favourite.objects.filter(user=user_id, service=service_id)
    return found.values_list("pk", flat=True)[:1]


def ids_of(user_id: int) -> QuerySet[Favourite, int]:
    """Ids of the services that the person has at hand, to be used within a query."""
    return Favourite.objects.filter(user=user_id).values_list("service_id", flat=True)
