"""Waiting: what time alone will do to a request that waits, and when.

While the requester is waited for, they are reminded after 2 and after 4 working days and the
request is set to done after 5; on the day to look again whoever works on it is told. What waits
for someone outside goes on by itself on that day. Working days and the beginning of a day are
those of the provider's calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from calendars.actions import create_default
from calendars.models import CalendarVersion, current_version
from calendars.worktime import working_days
from requests_app.lifecycle import Status

if TYPE_CHECKING:
    from calendars.worktime import WorkCalendar
    from requests_app.models import ServiceRequest

NUDGE_AFTER = (2, 4)
"""Working days after the question at which the requester is reminded."""
GIVE_UP_AFTER = 5
"""Working days after the question at which the request is set to done."""
_SAME_DAY = working_days(0.25)
"""Who says "look again today" means: in two working hours."""


class Step(StrEnum):
    """What time does to a request that waits."""

    NUDGE = "nudge"
    LOOK_AGAIN = "look_again"
    """Whoever works on it is told; it waits on."""
    GO_ON = "go_on"
    GIVE_UP = "give_up"


@dataclass(frozen=True, slots=True, order=True)
class Coming:
    """One step that time will take, unless someone is quicker."""

    at: datetime
    step: Step
    number: int = 0
    """Of a reminder: the first, the second."""


def calendar_of(service_request: ServiceRequest, at: datetime) -> WorkCalendar:
    """When the request's provider works, by its newest calendar; made where it has none yet."""
    try:
        version = current_version(service_request.provider_department_id)
    except CalendarVersion.DoesNotExist:
        create_default(service_request.provider_department, at=at)
        version = current_version(service_request.provider_department_id)
    return version.work_calendar


def coming(service_request: ServiceRequest, calendar: WorkCalendar) -> list[Coming]:
    """The steps that are still to be taken, in order; none for a request that does not wait."""
    since = service_request.status_since
    match service_request.status:
        case Status.WAITING_THIRD_PARTY:
            return _looks(service_request, calendar, Step.GO_ON)
        case Status.WAITING_REQUESTER:
            steps = [
                Coming(calendar.due(since, working_days(days)), Step.NUDGE, number)
                for number, days in enumerate(NUDGE_AFTER, start=1)
                if number > service_request.nudges
            ]
            steps.append(Coming(calendar.due(since, working_days(GIVE_UP_AFTER)), Step.GIVE_UP))
            ends = steps[-1].at
            looks = _looks(service_request, calendar, Step.LOOK_AGAIN)
            return sorted(steps + [one for one in looks if one.at < ends], key=lambda one: one.at)
        case _:
            return []


def _looks(service_request: ServiceRequest, calendar: WorkCalendar, step: Step) -> list[Coming]:
    """The beginning of the provider's working day on the date to look again, if there is one."""
    day = service_request.look_again_on
    if day is None:
        return []
    opens = calendar.next_open(datetime.combine(day, time.min, tzinfo=ZoneInfo(calendar.zone)))
    if opens <= service_request.status_since:
        opens = calendar.due(service_request.status_since, _SAME_DAY)
    return [Coming(opens, step)]


def wakes_at(service_request: ServiceRequest, at: datetime) -> datetime | None:
    """The next moment at which time does something to the request, seen from `at`; or None.

    Never before `at`: what would have come earlier (by the calendar of a department to which the
    request is handed over now) comes at once.
    """
    steps = coming(service_request, calendar_of(service_request, at))
    return max(steps[0].at, at) if steps else None
