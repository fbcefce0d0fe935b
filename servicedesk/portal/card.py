"""A service as it is shown before one asks: promised, usual, and how it was received."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calendars.worktime import WORKING_DAY
from catalogue.models import Service
from feedback.figures import Csat, lately
from people.models import Department
from requests_app.figures import (
    UsualDuration,
    reporting,
    usual_duration,
    usual_duration_of_department,
)
from requests_app.priority import priority_of
from servicedesk import wording
from servicedesk.portal.asking import DEFAULT_IMPACT, DEFAULT_URGENCY
from slas import promises
from slas.wording import budget

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Experience:
    """How it went for those who asked before."""

    usual: UsualDuration | None
    csat: Csat

    @property
    def usual_words(self) -> str:
        """The median, such as "2 days"."""
        return calendar_length(self.usual.median) if self.usual else ""

    @property
    def most_words(self) -> str:
        """The 85th percentile."""
        return calendar_length(self.usual.percentile_85) if self.usual else ""

    @property
    def percent_satisfied(self) -> int | None:
        """Of those who answered; None under five answers."""
        return None if self.csat.share is None else round(self.csat.share * 100)

    @property
    def span(self) -> tuple[int, int] | None:
        """Both ends of its 95 % interval, in whole percent."""
        low, high = self.csat.wilson_low, self.csat.wilson_high
        return None if low is None or high is None else (round(low * 100), round(high * 100))


@dataclass(frozen=True, slots=True)
class Card(Experience):
    """What is known of a service before one asks."""

    service: Service
    promised: promises.Promised

    @property
    def ready_words(self) -> str:
        """The working time within which it is promised; empty where none is."""
        return budget(self.promised.resolution) if self.promised.resolution else ""

    @property
    def heard_words(self) -> str:
        """The working time within which one hears of it."""
        return budget(self.promised.first_response) if self.promised.first_response else ""

    @property
    def speaks_of_days(self) -> bool:
        """A promise is said in working days: lengths of work, longer than a short day's hours."""
        said = (self.promised.resolution, self.promised.first_response)
        return any(length is not None and length >= WORKING_DAY for length in said)


@dataclass(frozen=True, slots=True)
class ReadyBy:
    """What is promised if one asks now, in words; each empty where nothing is promised."""

    ready: str
    heard: str


def card_of(service: Service, offer: promises.Offer) -> Card:
    """The card, for a client, with what is promised at the priority most requests have."""
    when = reporting(offer.at)
    return Card(
        usual=usual_duration(service.pk),
        csat=lately(service.department_id, when, service_id=service.pk),
        service=service,
        promised=offer.promised(priority_of(DEFAULT_IMPACT, DEFAULT_URGENCY)),
    )


def experience_of(department: Department, now: datetime) -> Experience:
    """How it went with a department, all its services together; three queries."""
    return Experience(
        usual=usual_duration_of_department(department.pk),
        csat=lately(department.pk, reporting(now)),
    )


def ready_by(offer: promises.Offer, impact: str, urgency: str) -> ReadyBy:
    """Say when it would be ready, asked now. Raises ValueError for an unknown impact or urgency."""
    promised, now = offer.promised(priority_of(impact, urgency)), offer.at
    return ReadyBy(
        ready=moment_words(promised.resolution_due, now, promised.zone),
        heard=moment_words(promised.first_response_due, now, promised.zone),
    )


def moment_words(at: datetime | None, now: datetime, provider_zone: str) -> str:
    """A moment to come in the reader's zone, within a sentence: "Wednesday 25 November, 12:12".

    The zone is named where the provider keeps another one.
    """
    if at is None:
        return ""
    local, here = timezone.localtime(at), timezone.localtime(now)
    if (local.date() - here.date()).days <= 1:
        day = wording.day(local, here, inside=True)
    else:
        day = date_format(local, "l j F" if local.year == here.year else "l j F Y")
    words = _("%(day)s, %(time)s") % {"day": day, "time": local.strftime("%H:%M")}
    if local.utcoffset() != at.astimezone(ZoneInfo(provider_zone)).utcoffset():
        words = f"{words} {wording.zone_name(local)}"
    return words


def calendar_length(length: timedelta) -> str:
    """A length of time as one lives through it, rounded up: "40 minutes", "5 hours", "3 days"."""
    if length < HOUR:
        count = max(1, math.ceil(length / timedelta(minutes=1)))
        return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}
    if length < 1.5 * DAY:
        count = math.ceil(length / HOUR)
        return ngettext("%(count)d hour", "%(count)d hours", count) % {"count": count}
    count = math.ceil(length / DAY)
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}
