"""Who manages a department."""

from __future__ import annotations

from typing import TYPE_CHECKING

from people.models import Department, Management

if TYPE_CHECKING:
    from collections.abc import Iterable


def managers_of(department_ids: Iterable[int]) -> dict[int, list[int]]:
    """The managers of each department: its own; else those of the nearest above it; else those of
    the organisation. Only people who are here. Two queries; none for no departments.
    """
    wanted = set(department_ids)
    if not wanted:
        return {}
    managing: dict[int | None, list[int]] = {}
    rows = Management.objects.filter(user__is_active=True).order_by("pk")
    for user_id, department_id in rows.values_list("user_id", "department_id"):
        managing.setdefault(department_id, []).append(user_id)
    above = dict(Department.objects.values_list("pk", "parent_id"))
    found: dict[int, list[int]] = {}
    for pk in wanted:
        at: int | None = pk
        seen: set[int] = set()
        while at is not None and at not in managing and at not in seen:
            seen.add(at)
            at = above.get(at)
        found[pk] = managing.get(at) or managing.get(None, [])
    return found
