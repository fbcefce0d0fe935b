"""Who is in a story, what they call things, and how their time passes. Pure."""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from itertools import accumulate
from typing import Any

from calendars.worktime import WorkCalendar
from servicedesk.demo import phrases
from servicedesk.demo.company import DEPARTMENTS, OFFICES, Company, PersonPlan
from servicedesk.demo.offers import OFFERS, Matter, Offer
from servicedesk.demo.story import Ref, Step

HOUR = timedelta(hours=1)


@cache
def weights(key: str) -> tuple[list[Offer], list[float]]:
    """The services to choose from, and how often each is asked for (accumulated)."""
    found = list(OFFERS)
    if key == "for others":
        found = [one for one in OFFERS if not (one.is_general or one.restricted or one.audience)]
    return found, list(accumulate(one.share for one in found))


def choose(rng: random.Random, things: list[Any], sums: list[float]) -> Any:
    """One of the things, by accumulated weights."""
    return things[bisect(sums, rng.random() * sums[-1])]


class Narrator:
    """Keeps the time of one story, the people in it, and the names of things."""

    def __init__(
        self,
        rng: random.Random,
        staff: Company,
        asked: Offer,
        requester: PersonPlan,
        at: datetime,
    ) -> None:
        self.rng = rng
        self.staff = staff
        self.asked = asked
        self.requester = requester
        self.at = self.began = at
        self.offer = asked
        """Where the request is now; transfers change it."""
        self.goes_to: Offer | None = None
        self.matter = self._matter()
        self.agent = self._agent()
        self.names = self._names()
        self.steps: list[Step] = []

    # -- Who and what ------------------------------------------------------------------------

    def _matter(self) -> Matter:
        matters = self.asked.matters
        if self.asked.is_general and self.rng.random() < self.asked.sends_on:
            while True:
                found, sums = weights("for others")
                self.goes_to = choose(self.rng, found, sums)
                if self.asked.slug == "i-dont-know" or (
                    self.goes_to.department != self.asked.department or self.rng.random() < 0.3
                ):
                    break
            matters = self.goes_to.matters
        return choose(self.rng, list(matters), list(accumulate(one.weight for one in matters)))  # type: ignore[no-any-return]

    def _agent(self, *, other_than: PersonPlan | None = None) -> PersonPlan:
        team = [
            one
            for one in self.staff.agents(self.offer.department, self.offer.team)
            if one not in (other_than, self.requester)
        ]
        return team[int(len(team) * self.rng.random() ** 1.5)]

    def _names(self) -> dict[str, str]:
        rng = self.rng
        office = OFFICES[
            self.requester.office if rng.random() < 0.7 else rng.choice(sorted(OFFICES))
        ]
        colleague = self._colleague()
        return {
            "me": self.requester.first,
            "colleague": colleague.name,
            "colleague_first": colleague.first,
            "head": self.approver.name,
            "approver": self.approver.first,
            "city": office.city,
            "room": rng.choice(office.rooms),
            "floor": rng.choice(office.floors),
            "customer": rng.choice(phrases.CUSTOMERS),
            "vendor": rng.choice(phrases.VENDORS),
            "campaign": rng.choice(phrases.CAMPAIGNS),
            "country": rng.choice(phrases.COUNTRIES),
            "word": rng.choice(phrases.WORDS),
            "newcomer": rng.choice(phrases.NEWCOMERS),
            "month": phrases.MONTHS[self.at.month - 2],
            "n": str(rng.randint(2, 9)),
            "amount": f"{rng.choice((18, 34, 62, 118, 240, 385, 640, 1180)) + rng.randrange(9)}."
            f"{rng.choice(('00', '50', '90', '45'))}",
            "price": rng.choice(("280", "420", "680", "1,140", "1,680", "2,140")),
            "big": str(rng.choice((12, 18, 24, 36, 60, 85, 140)) * 1000),
            "phone": f"extension {rng.randint(200, 899)}",
        }

    def _colleague(self) -> PersonPlan:
        people = [
            one for one in self.staff.of(self.requester.department) if one is not self.requester
        ]
        return self.rng.choice(people)

    @property
    def approver(self) -> PersonPlan:
        """Who must agree: the head of the requester, or the head of all."""
        head = self.staff.head(self.requester.department)
        return head if head is not self.requester else self.staff.head("*")

    def text(self, words: str) -> str:
        """The words with all names filled in, and a capital at the beginning."""
        provider = self.offer.department
        filled = words.format_map(
            self.names
            | {
                "agent": self.agent.first,
                "lead_first": self.staff.lead(provider).first,
                "there": self.goes_to.name if self.goes_to else "",
            }
        )
        return filled[:1].upper() + filled[1:]

    def one(self, pool: Iterable[str]) -> str:
        """One of the texts."""
        return self.text(self.rng.choice(tuple(pool)))

    def letter(self, words: str) -> str:
        """What an agent writes: perhaps a greeting, the words, perhaps a name."""
        hello = self.text(self.rng.choice(phrases.HELLOS))
        parting = self.text(self.rng.choice(phrases.PARTINGS))
        body = self.text(words)
        start = f"{hello}\n\n{body}" if hello else body
        return f"{start}\n\n{parting}" if parting else start

    # -- Time --------------------------------------------------------------------------------

    @property
    def hours(self) -> WorkCalendar:
        """When whoever has the request works."""
        return self.staff.calendars[self.offer.department]

    def work(self, hours: float) -> None:
        """Let so many business hours of the provider pass; now and then someone stays longer."""
        at = self.hours.due(self.at, max(hours, 0.01) * HOUR)
        at += timedelta(seconds=self.rng.randrange(1, 58))
        if not self.hours.is_open(at) and self.rng.random() < 0.3:
            at += timedelta(minutes=self.rng.randrange(3, 50))
        self.at = max(at, self.at + timedelta(seconds=20))

    def wait(self, person: PersonPlan, hours: float) -> None:
        """Let so many office hours of the person pass."""
        calendar = self.staff.office_hours[person.office]
        at = calendar.due(self.at, max(hours, 0.05) * HOUR)
        self.at = max(at + timedelta(seconds=self.rng.randrange(1, 58)), self.at + HOUR / 120)

    def do(self, deed: str, by: PersonPlan | None, **given: Any) -> None:
        """The deed, at this time."""
        self.steps.append(Step(deed, self.at, by.email if by else None, given))

    def answers(self) -> dict[str, Any]:
        """What the form is sent with: what the matter says, and the rest by the fields."""
        raw: dict[str, Any] = {}
        known: dict[str, Any] = {}
        stated = self.matter.answers if self.goes_to is None else {}
        for one in self.asked.fields:
            if one["kind"] == "file":
                continue  # nobody in the story sends one
            if one.get("shown_when") and not _is_asked(one, raw):
                continue
            if one["key"] == self.asked.subject_field:
                known[one["key"]] = self.matter.subject
            elif one["key"] == "details" and self.matter.details:
                known["details"] = self.matter.details
            elif one["key"] in stated:
                known[one["key"]] = stated[one["key"]]
            elif one["required"] or self.rng.random() < 0.6:
                known[one["key"]] = self._invented(one)
            value = known.get(one["key"])
            if isinstance(value, str):
                value = self.text(value)
                if one["key"] == "address" and " " not in value:
                    value = value.lower()  # the part before the @
            if isinstance(value, list):
                value = list(value)
            if value not in (None, ""):
                raw[one["key"]] = value
        return raw

    def _invented(self, one: dict[str, Any]) -> Any:
        rng = self.rng
        match one["kind"]:
            case "choice":
                return rng.choice(one["choices"])
            case "choices":
                return rng.sample(one["choices"], rng.randint(1, min(2, len(one["choices"]))))
            case "yes_no":
                return rng.random() < 0.5
            case "date":
                least, most = _DAYS_AHEAD.get(one["key"], (4, 20))
                shift = rng.randint(least, most)
                day = self.at.date() + timedelta(days=shift)
                return (day + timedelta(days=(0, 0, 0, 0, 0, 2, 1)[day.weekday()])).isoformat()
            case "number":
                return "{amount}" if one["key"] == "amount" else str(rng.randint(1, 12))
            case "person":
                return Ref(
                    "person",
                    next(p.email for p in self.staff.people if p.name == self.names["colleague"]),
                )
            case "department":
                return Ref("department", self.requester.department)
            case "long_text":
                return rng.choice(_LONG)
            case _:
                if one["key"] == "from_whom":
                    return "{vendor}"
                return "{city}" if one["required"] else None


_LONG = (
    "Nothing out of the ordinary, as far as I know.",
    "As we said on the phone.",
    "It would help the whole team.",
    "I can tell you more when we speak.",
)


_DAYS_AHEAD = {
    "paid_on": (-12, -1),
    "returns": (21, 25),
    "ends": (21, 60),
    "until": (30, 90),
    "delete_on": (30, 60),
    "sign_by": (10, 30),
    "starts": (7, 40),
}
"""How many days from the asking a date lies, by the field; 4 to 20 where nothing is said."""


def _is_asked(one: dict[str, Any], raw: dict[str, Any]) -> bool:
    key, wanted = one["shown_when"]
    given = raw.get(key)
    if isinstance(given, bool):
        given = "yes" if given else "no"
    return wanted in given if isinstance(given, list) else given == wanted


def department_name(slug: str) -> str:
    return next(plan.name for plan in DEPARTMENTS if plan.slug == slug)
