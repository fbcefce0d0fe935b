"""The audit: every change of a setting, service, role or calendar, in the change's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from people.models import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from django.db.models import Model

    from people.models import User

Changes = dict[str, list[Any]]
NAME_LENGTH = 200


def state(thing: Model, fields: Iterable[str]) -> dict[str, Any]:
    """The plain values of these fields: what is kept of them; a relation by its id."""
    values = {}
    for name in fields:
        field = thing._meta.get_field(name)
        values[name] = getattr(thing, getattr(field, "attname", name))
    return values


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    """{field: [before, after]} of what is not the same."""
    return {
        name: [_plain(before.get(name)), _plain(value)]
        for name, value in after.items()
        if before.get(name) != value
    }


def record(
    deed: str, thing: Model, changes: Changes, *, by: User | None, at: datetime, kind: str = ""
) -> AuditEntry | None:
    """Write down a change; nothing where a "changed" thing is as it was.

    `kind` is the model's own name where not said. Raises RuntimeError outside a transaction.
    """
    entries = record_many([(deed, thing, changes)], by=by, at=at, kind=kind)
    return entries[0] if entries else None


def record_many(
    made: Iterable[tuple[str, Model, Changes]], *, by: User | None, at: datetime, kind: str = ""
) -> list[AuditEntry]:
    """Write down many changes at once: (deed, thing, changes) each; see `record`."""
    if not connection.in_atomic_block:
        raise RuntimeError("a change and its audit are one transaction")
    return AuditEntry.objects.bulk_create(
        [
            AuditEntry(
                at=at,
                actor=by,
                kind=kind or thing._meta.model_name or "",
                thing_id=thing.pk,
                thing=str(thing)[:NAME_LENGTH],
                deed=deed,
                changes=changes,
            )
            for deed, thing, changes in made
            if changes or deed != "changed"
        ],
        batch_size=2000,
    )


def _plain(value: Any) -> Any:
    """The value as JSON can keep it."""
    if isinstance(value, (str, int, float, bool, type(None), list, dict)):
        return value
    try:
        return DjangoJSONEncoder().default(value)
    except TypeError:
        return str(value)
