"""Drafts of requests: what was typed into a service's form is kept until it is sent."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from people.prepared import prepared
from requests_app.errors import Refused
from requests_app.models import Draft, ServiceRequest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from catalogue.models import Service
    from people.models import User

MOST_LETTERS = 500_000
"""Longer drafts are not kept; a hundred answers of a usual length are far shorter."""


def worth_keeping(typed: Mapping[str, Sequence[str]], limit: int) -> dict[str, list[str]]:
    """The fields in which something stands. Raises Refused where all of it is over `limit`."""
    whole = {name: list(values) for name, values in typed.items() if any(values)}
    if sum(len(value) for values in whole.values() for value in values) > limit:
        raise Refused(_("This is too long to be kept."))
    return whole


def keep(
    user: User,
    service: Service,
    *,
    answers: Mapping[str, Sequence[str]],
    key: uuid.UUID,
    at: datetime,
) -> Draft | None:
    """Keep what was typed, instead of what was kept before; None where there is nothing to keep.

    `key` is the form's: what comes late, after the form was sent, is not kept. Raises Refused for
    what is too long.
    """
    typed = worth_keeping(answers, MOST_LETTERS)
    if not typed or ServiceRequest.objects.filter(key=key).exists():
        forget(user, service)
        return None
    found, _new = Draft.objects.update_or_create(
        user=user, service=service, defaults={"answers": typed, "key": key, "updated_at": at}
    )
    return found


def draft_of(user: User, service: Service) -> Draft | None:
    """What the person had typed, unless it was sent; one query."""
    return next(iter(_draft_of(user.pk, service.pk)), None)


@prepared
def _draft_of(user_id: int, service_id: int) -> QuerySet[Draft]:
    sent = ServiceRequest.objects.filter(key=OuterRef("key"))
    return Draft.objects.filter(~Exists(sent), user=user_id, service=service_id)


def forget(user: User, service: Service) -> None:
    """Let the draft go."""
    Draft.objects.filter(user=user, service=service).delete()
