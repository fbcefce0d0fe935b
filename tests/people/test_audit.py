"""Every change of a setting is written down once, with what was before."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from people import audit
from people.models import AuditEntry, Department, User
from tests.times import MONDAY_9

pytestmark = pytest.mark.django_db


def test_what_changed_is_kept_with_what_was_before(it: Department, lena: User) -> None:
    before = audit.state(it, ["name", "zone", "parent"])
    it.name = "Information technology"
    changes = audit.difference(before, audit.state(it, ["name", "zone", "parent"]))
    entry = audit.record("changed", it, changes, by=lena, at=MONDAY_9)
    assert entry is not None
    assert (entry.kind, entry.thing_id, entry.thing) == ("department", it.pk, it.name)
    assert entry.changes == {"name": ["IT", "Information technology"]}


def test_nothing_changed_is_nothing_to_write(it: Department, lena: User) -> None:
    assert audit.record("changed", it, {}, by=lena, at=MONDAY_9) is None
    assert not AuditEntry.objects.exists()


def test_an_entry_can_be_neither_changed_nor_deleted(it: Department, lena: User) -> None:
    audit.record("created", it, {}, by=lena, at=MONDAY_9)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.update(deed="other")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_a_change_and_its_audit_are_one_transaction(it: Department, lena: User) -> None:
    with pytest.raises(RuntimeError, match="one transaction"):
        audit.record("created", it, {}, by=lena, at=MONDAY_9)
