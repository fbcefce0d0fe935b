"""How requests go at Harbour & Pine: who asks what, when, and all that happens then.

Pure: the same seed and the same now make the same stories, whoever plays them and how often. A
story is told to its end and cut at now, so that what is under way stays so.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from servicedesk.demo import truths
from servicedesk.demo.company import DEPARTMENTS, Company, PersonPlan, company
from servicedesk.demo.narrator import choose, weights
from servicedesk.demo.offers import Offer
from servicedesk.demo.scenes import scenes
from servicedesk.demo.story import Story
from servicedesk.demo.telling import Telling


def plan(seed: int, now: datetime, *, days: int, requests: int) -> list[Story]:
    """All stories, in the order they were asked, numbered from 1. Takes some seconds."""
    staff = company((now - timedelta(days=days)).year - 1, now.year + 1)
    told = scenes(staff, now)[:requests]
    crowd = Crowd(staff, now, days)
    told += [crowd.story(random.Random(f"{seed}/{n}")) for n in range(requests - len(told))]  # noqa: S311  # nosec B311
    told.sort(key=lambda one: (one.at, one.requester))
    return [
        replace(one, number=number, steps=tuple(step for step in one.steps if step.at <= now))
        for number, one in enumerate(told, start=1)
    ]


class Crowd:
    """Everyone asking everyone, day by day."""

    def __init__(self, staff: Company, now: datetime, days: int) -> None:
        self.staff = staff
        self.now = now
        self.days = [
            now.astimezone(ZoneInfo("Europe/Dublin")).date() - timedelta(days=back)
            for back in range(days, -1, -1)
        ]
        self._sums: dict[tuple[str, str], list[float]] = {}

    def story(self, rng: random.Random) -> Story:
        """One story of the crowd."""
        asked = choose(rng, *weights("all"))
        requester = self._requester(rng, asked)
        at = self._moment(rng, requester, asked)
        if requester.name == "Inês Carvalho" and at > self.now - timedelta(days=35):
            requester = self.staff.named("Beatriz Almeida")  # her own days are told in scenes.py
        return Telling(rng, self.staff, asked, requester, at).story()

    def _requester(self, rng: random.Random, asked: Offer) -> PersonPlan:
        slugs = [
            plan.slug for plan in DEPARTMENTS if (not asked.audience or plan.slug in asked.audience)
        ]
        sums = list(
            accumulate(
                len(self.staff.of(slug))
                * asked.clients.get(slug, 0.12 if slug == asked.department else 1.0)
                for slug in slugs
            )
        )
        people = self.staff.of(choose(rng, slugs, sums))
        return people[int(len(people) * rng.random() ** 1.4)]

    def _moment(self, rng: random.Random, requester: PersonPlan, asked: Offer) -> datetime:
        sums = self._days(requester.office, asked.department)
        zone = ZoneInfo(requester.zone)
        while True:
            on = choose(rng, self.days, sums)
            peak = rng.choice((9.6, 10.3, 11.4, 14.2, 15.3, 16.4))
            hour = min(max(rng.gauss(peak, 0.9), 7.2), 21.9)
            at = datetime.combine(on, time(0), zone) + timedelta(seconds=int(hour * 3600))
            if rng.random() < 0.02:
                at = datetime.combine(on, time(19), zone) + timedelta(minutes=rng.randrange(230))
            at = at.astimezone(ZoneInfo("UTC"))
            if at <= self.now - timedelta(minutes=3):
                return at

    def _days(self, office: str, provider: str) -> list[float]:
        known = self._sums.get((office, provider))
        if known is None:
            closed = self.staff.office_hours[office].closed
            known = list(
                accumulate(
                    truths.how_often(provider, on)
                    * _LATELY.get(len(self.days) - 1 - nth, 1.0)
                    * (
                        0.03
                        if on in closed
                        else (1.15, 1.08, 1.0, 0.98, 0.85, 0.025, 0.03)[on.weekday()]
                    )
                    for nth, on in enumerate(self.days)
                )
            )
            self._sums[office, provider] = known
        return known


_LATELY = {0: 2.2, 1: 2.2, 2: 2.0, 3: 1.8, 4: 1.6, 5: 1.4, 6: 1.3, 7: 1.2}
"""The weeks before the fair are busy: how much more is asked so many days ago."""
