"""The ledger of a promise as a picture: from lines to a band over calendar time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from django.utils.translation import gettext as _

from requests_app.lifecycle import Category
from servicedesk.band import Band, Flag, Interval, Moment, Still
from slas import wording
from slas.engine import Clock, State
from slas.ledger import What
from slas.ledger.words import Reader, ToldLedger, ToldLine

SHORTEST = timedelta(minutes=10)
"""A band is so long at least."""


def band_of(told: ToldLedger, reader: Reader) -> Band:
    """The picture of one ledger. What a requester does not read is not drawn either."""
    ledger, clock = told.ledger, told.ledger.clock
    start, until = ledger.started_at, ledger.ended_at or ledger.now
    end = max(until, clock.due_at or until, start + SHORTEST)
    stretches = list(_stretches(told, until))
    late_from = clock.breached_at or end + SHORTEST
    running = [interval for one in stretches if one.runs for interval in one.open]
    hours = [interval for one in stretches for interval in one.open]
    after = clock.terms.calendar.intervals(until, end)
    return Band(
        zone=reader.zone,
        start=start,
        end=end,
        title=_("%(promise)s: %(verdict)s") % {"promise": told.title, "verdict": told.verdict},
        words=_words(told),
        hours=[*hours, *after],
        counted=[(a, min(b, late_from)) for a, b in running if a < late_from],
        late=[(max(a, late_from), b) for a, b in running if b > late_from],
        ahead=after if clock.state is State.RUNNING and clock.breached_at is None else (),
        still=[Still(a, b, _waits(stands)) for a, b, stands in ledger.pauses()],
        flags=_flags(told, reader),
        thresholds=_thresholds(told, reader),
        marks=[
            Moment(one.at, one.number, one.what in (What.BREACHED, What.ENDED))
            for one in told.lines
            if one.number
        ],
    )


class _Stretch:
    """Time between two lines: whether the clock ran, and the working hours within."""

    def __init__(self, clock: Clock, start: datetime, end: datetime) -> None:
        self.runs = clock.state is State.RUNNING
        self.open: list[Interval] = clock.terms.calendar.intervals(start, end)


def _stretches(told: ToldLedger, until: datetime) -> Iterator[_Stretch]:
    lines = [one for one in told.ledger.past() if one.at <= until]
    for line, following in pairwise(lines):
        if following.at > line.at:
            yield _Stretch(line.clock, line.at, following.at)


def _flags(told: ToldLedger, reader: Reader) -> list[Flag]:
    clock = told.ledger.clock
    flags = []
    ended = told.ledger.ended_at
    if clock.due_at is not None:
        words = _("was due %(moment)s") if told.ledger.past()[-1].is_late else _("due %(moment)s")
        at = words % {"moment": _short(clock.due_at, reader)}
        flags.append(Flag(clock.due_at, at, "due"))
    if ended is not None:
        title = told.lines[-1].title.lower() if told.lines else ""
        words = _("%(what)s %(moment)s") % {"what": title, "moment": _short(ended, reader)}
        flags.append(Flag(ended, words, "end"))
    else:
        flags.append(Flag(told.ledger.now, _("now"), "now"))
    return flags


def _short(at: datetime, reader: Reader) -> str:
    """Such as "16:00" or "Thu 16:00"."""
    here, now = at.astimezone(reader.zone), reader.now.astimezone(reader.zone)
    if here.date() == now.date():
        return f"{here:%H:%M}"
    near = abs(here.date() - now.date()) < timedelta(days=6)
    return f"{wording.date_words(here.date(), 'D' if near else 'D j M')} {here:%H:%M}"


def _thresholds(told: ToldLedger, reader: Reader) -> list[tuple[datetime, str]]:
    if not reader.is_provider:
        return []
    found = [_percent(one) for one in told.lines if one.what is What.WARNED]
    clock = told.ledger.clock
    if clock.state is State.RUNNING and clock.breached_at is None:
        since = clock.running_since
        assert since is not None
        for percent in clock.terms.thresholds[clock.priority]:
            ahead = clock.budget * percent / 100 - clock.used
            if percent > clock.warned and ahead >= timedelta(0):
                found.append((clock.terms.calendar.due(since, ahead), f"{percent}\u00a0%"))
    return found


def _percent(one: ToldLine) -> tuple[datetime, str]:
    return one.at, f"{one.line.threshold}\u00a0%"


def _waits(stands: Category) -> str:
    return {
        Category.WAITING_CLIENT: _("waits for an answer"),
        Category.WAITING_EXTERNAL: _("waits for someone outside"),
        Category.APPROVAL: _("waits for approval"),
    }.get(stands, _("stands still"))


def _words(told: ToldLedger) -> str:
    """What the picture shows, in words, for who does not see it."""
    still = told.ledger.pauses()
    parts = [told.summary, told.hours]
    if still:
        names = list(dict.fromkeys(_waits(stands) for _a, _b, stands in still))
        parts.append(_("It stood still while the request %(waits)s.") % {"waits": ", ".join(names)})
    parts.append(_("The table below says all of it."))
    return " ".join(parts)
