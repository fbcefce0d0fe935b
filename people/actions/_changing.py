"""How every row of this package is made and changed: checked, saved, written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from people import audit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.db.models import Model

    from people.models import User

Thing = TypeVar("Thing", bound="Model")


def add(thing: Thing, fields: tuple[str, ...], *, by: User | None, at: datetime) -> Thing:
    """Save what is new, and write down these fields of it. Raises ValidationError."""
    thing.full_clean()
    thing.save()
    changes = audit.difference({}, audit.state(thing, fields))
    audit.record("created", thing, changes, by=by, at=at)
    return thing


def change(thing: Thing, values: Mapping[str, Any], *, by: User | None, at: datetime) -> Thing:
    """Lock the row, set these fields and write down what is new of them. Raises ValidationError."""
    manager: Any = type(thing)._default_manager
    locked: Thing = manager.select_for_update(no_key=True).get(pk=thing.pk)
    before = audit.state(locked, values)
    for name, value in values.items():
        setattr(locked, name, value)
    changes = audit.difference(before, audit.state(locked, values))
    if not changes:
        return locked
    locked.full_clean()
    locked.save(update_fields=sorted(changes))
    audit.record("changed", locked, changes, by=by, at=at)
    return locked


def remove(thing: Model, fields: tuple[str, ...], *, by: User | None, at: datetime) -> None:
    """Delete the row, and write down what these fields of it were."""
    changes = audit.difference(audit.state(thing, fields), dict.fromkeys(fields))
    audit.record("deleted", thing, changes, by=by, at=at)
    thing.delete()
