"""What is different between two things that a calendar says, in sentences. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from django.utils.translation import gettext as _

from calendars import wording
from calendars.contents import Contents


def changes(before: Contents, after: Contents) -> list[str]:
    """What `after` says otherwise; nothing where both say the same."""
    return [*_places(before, after), *_week(before, after), *_dates(before, after)]


def _turned(what: str, before: str, after: str) -> str:
    return _("%(what)s: %(before)s → %(after)s") % {
        "what": what,
        "before": before,
        "after": after,
    }


def _places(before: Contents, after: Contents) -> Iterator[str]:
    if before.zone != after.zone:
        yield _turned(_("Time zone"), before.zone, after.zone)
    was = wording.country(before.country, before.subdivision)
    now = wording.country(after.country, after.subdivision)
    if was != now:
        yield _turned(_("Public holidays of"), was, now)


def _week(before: Contents, after: Contents) -> Iterator[str]:
    for day in range(7):
        was, now = (tuple(map(tuple, one.hours.get(day, ()))) for one in (before, after))
        if was != now:
            yield _turned(wording.weekday(day), wording.hours(was), wording.hours(now))


def _dates(before: Contents, after: Contents) -> Iterator[str]:
    worked = sorted(after.removed_holidays - before.removed_holidays)
    if worked:
        yield _("Public holidays that are worked: %(days)s") % {"days": _named(worked, after)}
    kept = sorted(before.removed_holidays - after.removed_holidays)
    if kept:
        yield _("Public holidays closed again: %(days)s") % {"days": _named(kept, after)}
    new = [(on, name) for on, name in after.own_closed.items() if on not in before.own_closed]
    if new:
        yield _("Closed: %(days)s") % {"days": wording.days(new)}
    gone = [(on, name) for on, name in before.own_closed.items() if on not in after.own_closed]
    if gone:
        yield _("No longer closed: %(days)s") % {"days": wording.days(gone)}
    for on in sorted(before.own_closed.keys() & after.own_closed.keys()):
        if before.own_closed[on] != after.own_closed[on]:
            yield _turned(wording.day(on), before.own_closed[on], after.own_closed[on])
    for on in sorted(before.special.keys() | after.special.keys()):
        was, now = _hours_of(before, on), _hours_of(after, on)
        if was != now:
            yield _turned(wording.day(on), was, now)


def _hours_of(said: Contents, on: date) -> str:
    if on not in said.special:
        return _("as on other weekdays of its kind")
    return wording.hours(said.special[on])


def _named(some: list[date], said: Contents) -> str:
    names: Mapping[date, str] = said.public_holidays({on.year for on in some})
    return wording.days((on, names.get(on, "")) for on in some)
