"""Deeds on the organisation and its people: each one function, one transaction, and its audit."""

from people.actions.beginning import AlreadySetUpError, set_up
from people.actions.departments import (
    add_department,
    add_team,
    change_department,
    change_organisation,
    remove_team,
    rename_team,
)
from people.actions.employees import (
    add_absence,
    add_person,
    change_person,
    leave,
    remove_absence,
    return_person,
)
from people.actions.roles import (
    end_management,
    join_team,
    leave_team,
    make_manager,
    set_administrator,
    set_lead,
)

__all__ = [
    "AlreadySetUpError",
    "add_absence",
    "add_department",
    "add_person",
    "add_team",
    "change_department",
    "change_organisation",
    "change_person",
    "end_management",
    "join_team",
    "leave",
    "leave_team",
    "make_manager",
    "remove_absence",
    "remove_team",
    "rename_team",
    "return_person",
    "set_administrator",
    "set_lead",
    "set_up",
]
