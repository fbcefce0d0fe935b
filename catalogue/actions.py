"""What is done to services: their forms are published in versions, they open and they retire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from catalogue.fields import BadForm, FormSpec, Kind
from catalogue.models import FormVersion, Life, Service

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from typing import Any

    from people.models import User


@transaction.atomic
def publish_form(
    service: Service,
    fields: Iterable[Mapping[str, Any]],
    *,
    subject_field: str = "",
    by: User | None,
    at: datetime,
) -> FormVersion:
    """Make these questions the service's form from now on; earlier requests keep theirs.

    Raises BadForm where the form could not be asked.
    """
    spec = FormSpec.load(fields)
    if subject_field:
        named = [one for one in spec.fields if one.key == subject_field]
        if not named or named[0].kind is not Kind.SHORT_TEXT:
            raise BadForm(f"the subject comes from a short text, and {subject_field!r} is none")
    locked = Service.objects.select_for_update(no_key=True).get(pk=service.pk)
    last = locked.form_versions.order_by("-number").first()
    version = FormVersion.objects.create(
        service=locked,
        number=last.number + 1 if last else 1,
        fields=spec.dump(),
        subject_field=subject_field,
        published_at=at,
        published_by=by,
    )
    locked.form_version = version
    locked.save(update_fields=["form_version"])
    service.form_version = version
    return version


def publish(service: Service, *, by: User | None, at: datetime) -> None:
    """Open the service for requests. Raises BadForm where it has no form yet."""
    if service.form_version_id is None:
        raise BadForm("a service needs a form before it can be published")
    service.life = Life.PUBLISHED
    service.save(update_fields=["life"])


def retire(service: Service, *, by: User | None, at: datetime) -> None:
    """Take no new requests; those there are go on."""
    service.life = Life.RETIRED
    service.save(update_fields=["life"])
