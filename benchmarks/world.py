"""An organisation of the size that benchmarks speak of, and the requests that they multiply.

Ten departments with five agents each, 500 requesters, 40 services. Every request here is played by
the desk's own deeds with past times. All hours begin and end on a half hour, without summer time or
holidays, and every deed is done five minutes past one: so a request moved by whole weeks and up to
two minutes has just the clocks that its deeds would have had then.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from calendars.actions import DEFAULT_HOURS, DEFAULT_NAME, publish_version
from calendars.models import Calendar
from catalogue import actions as catalogue_actions
from catalogue.models import Life, Service
from feedback import actions as feedback_actions
from feedback import invitations
from feedback.models import Invitation
from people.models import Department, Management, Membership, Organisation, Team, User
from requests_app import actions
from requests_app.kinds import Via
from requests_app.lifecycle import Status
from requests_app.models import CannedReply, ServiceRequest
from slas import sweep
from slas.agreements import publish_standard

ZONE = "Atlantic/Reykjavik"  # UTC, summer and winter
NAMES = (
    "IT", "People", "Facilities", "Finance", "Legal", "Procurement", "Marketing", "Sales",
    "Design", "Data",
)  # fmt: skip
SERVICES = ("General help", "New equipment", "Access to a system", "A change to what we have")
REQUESTERS, AGENTS = 50, 5  # in each department
WORDS, FIRST = "qqwordsqq", "qqfirstqq"
"""Where each copy of a request has words of its own."""

FORM = [
    {"key": "subject", "kind": "short_text", "label": "What is it about?", "required": True},
    {"key": "details", "kind": "long_text", "label": "Tell us more"},
    {"key": "where", "kind": "choice", "label": "Where are you?",
     "choices": ["Dublin", "Lisbon", "Kraków"]},
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pattern:
    """A request to be multiplied: how often, over how many weeks back, whose it may be."""

    request_id: int
    requester_id: int
    agent_id: int
    weight: float
    weeks: int


@dataclass(frozen=True, slots=True)
class Played:
    """What was played, and how quickly."""

    patterns: list[Pattern]
    deeds: int
    seconds: float


def found(at: datetime) -> None:
    """Set up the organisation as of that moment."""
    Organisation.objects.update_or_create(
        pk=1, defaults={"name": "Harbour & Pine", "reporting_zone": ZONE}
    )
    number = iter(range(1, 10_000))
    for name in NAMES:
        slug = name.lower()
        here = Department.objects.create(
            key=name[:3].upper() if len(name) > 2 else name, slug=slug, name=name, zone=ZONE,
            country="IS", description=f"What {name} does",
        )  # fmt: skip
        calendar = Calendar.objects.create(department=here, name=DEFAULT_NAME, is_default=True)
        publish_version(calendar, zone=ZONE, hours=DEFAULT_HOURS, by=None, at=at)
        publish_standard(here, at=at, calendar=calendar)
        team = Team.objects.create(department=here, name=f"{name} desk")
        people = User.objects.bulk_create(
            User(
                employee_number=f"E{n:05}", email=f"{slug}.{n}@desk.example",
                name=f"{name} Person {n}", department=here, date_joined=at,
            )
            for n in [next(number) for _ in range(REQUESTERS + AGENTS)]
        )  # fmt: skip
        agents = people[:AGENTS]
        Membership.objects.bulk_create(
            Membership(team=team, user=one, is_lead=place == 0) for place, one in enumerate(agents)
        )
        for what in SERVICES:
            _service(here, team, what, at)
        CannedReply.objects.bulk_create(
            CannedReply(
                department=here, name=f"Reply {n}", updated_at=at, updated_by=agents[0],
                text="Hello {requester}, we have {reference} and work on it. {agent}",
            )
            for n in range(5)
        )  # fmt: skip
    manager = User.objects.create(
        employee_number="M1", email="manager@desk.example", name="The Manager",
        department=Department.objects.get(slug="finance"),
    )  # fmt: skip
    Management.objects.create(user=manager, department=None)


def _service(here: Department, team: Team, what: str, at: datetime) -> None:
    service = Service.objects.create(
        department=here, team=team, slug=what.lower().replace(" ", "-"), name=f"{what} ({here})",
        summary=f"{what}, quickly and well.", description="We do it **for you**.\n\n- one\n- two\n",
        what_you_get="What you need\nA word when it is done", what_we_need="A few words",
    )  # fmt: skip
    catalogue_actions.publish_form(service, FORM, subject_field="subject", by=None, at=at)
    service.life = Life.PUBLISHED
    service.save(update_fields=["life"])


# -- Moments -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Days:
    """The working days around which everything is played."""

    now: datetime

    def monday(self, weeks_ago: int) -> date:
        """The Monday of the week so many weeks ago."""
        today = self.now.date()
        return today - timedelta(days=today.weekday() + 7 * weeks_ago)

    def last(self, count: int) -> date:
        """The working day so many working days before today."""
        day = self.now.date()
        while count:
            day -= timedelta(days=1)
            count -= day.weekday() < 5
        return day


def after(day: date, days: int) -> date:
    """So many working days later."""
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


def moment(day: date, clock: str) -> datetime:
    """Five minutes past a half hour of that day."""
    hour, minute = clock.split(":")
    at = datetime.combine(day, time(int(hour), int(minute)), UTC)
    assert at.minute % 30 == 5, clock
    return at


# -- Stories -------------------------------------------------------------------------------------


class Story:
    """One request being played."""

    def __init__(self, rng: random.Random, number: int, provider: Department, via: Via) -> None:
        self.rng, self.via, self.deeds = rng, via, 0
        team = provider.teams.get()
        members = list(User.objects.filter(memberships__team=team).order_by("pk"))
        self.lead, self.agent = members[0], rng.choice(members[1:])
        others = list(Department.objects.exclude(pk=provider.pk).order_by("pk"))
        client = others[number % len(others)]
        self.requester = rng.choice(
            list(client.employees.filter(memberships=None, managements=None))
        )
        self.elsewhere = rng.choice([one for one in others if one != client])
        self.service = rng.choice(list(provider.services.order_by("pk")))
        self.request = ServiceRequest()
        self.impact, self.urgency = "me", "planned"

    def submit(self, day: date, clock: str) -> None:
        """Ask."""
        self.deeds += 1
        kind = self.rng.choice(("Laptop", "Invoice", "Room", "Contract", "Report", "Badge"))
        self.request = actions.submit(
            self.service, by=self.requester, at=moment(day, clock),
            answers={
                "subject": f"{kind} {FIRST}", "where": self.rng.choice(("Dublin", "Lisbon")),
                "details": f"It began this week and keeps us from our work. {WORDS}",
            },
            impact=self.impact, urgency=self.urgency, key=uuid.uuid4(), via=self.via,
        )  # fmt: skip

    def do(self, name: str, by: User | None, day: date, clock: str, **given: object) -> None:
        """One deed."""
        self.deeds += 1
        self.request = actions.perform(
            self.request, name, by=by, at=moment(day, clock), via=self.via, **given
        )

    def says(self, name: str, by: User, day: date, clock: str, **given: object) -> None:
        """A deed with a message."""
        said = f"We looked at it **again**: see page 4 of the manual.\n\n- {WORDS}\n- done\n"
        self.do(name, by, day, clock, message=said, **given)


Tale = Callable[[Story, date], None]


def _served(story: Story, day: date) -> None:
    story.submit(day, "09:35")
    story.says("reply", story.agent, day, "10:35")
    story.says("reply", story.requester, day, "11:35")
    story.says("resolve", story.agent, day, "15:35")
    story.do("confirm", story.requester, after(day, 1), "10:05")


def _late(story: Story, day: date) -> None:
    story.impact, story.urgency = "team", "planned"
    story.submit(day, "10:05")
    story.do("take", story.agent, after(day, 1), "09:35")
    story.says("note", story.agent, after(day, 1), "10:05")
    story.says("reply", story.agent, after(day, 1), "15:05")
    story.says("resolve", story.agent, after(day, 4), "16:35")


def _asked_back(story: Story, day: date) -> None:
    story.urgency = "soon"
    story.submit(day, "11:05")
    story.says("ask", story.agent, day, "14:05", look_again_on=None)
    story.says("answer", story.requester, after(day, 1), "10:35")
    story.says("resolve", story.agent, after(day, 2), "10:05")
    story.do("confirm", story.requester, after(day, 3), "09:05")


def _urgent(story: Story, day: date) -> None:
    story.impact, story.urgency = "wide", "soon"
    story.submit(day, "09:05")
    story.says("reply", story.agent, day, "09:35")
    story.do("share", story.requester, day, "10:05", user=story.lead)
    story.says("reply", story.requester, day, "10:35")
    story.says("resolve", story.agent, day, "12:05")
    story.do("confirm", story.requester, day, "16:05")


def _handed_on(story: Story, day: date) -> None:
    story.submit(day, "09:35")
    there = story.elsewhere.services.order_by("pk").first()
    assert there is not None
    first, story.agent = story.agent, there.team.memberships.order_by("-pk")[0].user
    story.do("transfer", first, day, "10:05", service=there, reason="It is theirs.",
             wrong_department=True)  # fmt: skip
    story.says("reply", story.agent, day, "11:05")
    story.says("reply", story.requester, day, "14:05")
    story.says("resolve", story.agent, after(day, 1), "09:35")
    story.do("confirm", story.requester, after(day, 2), "09:35")


def _approved(story: Story, day: date) -> None:
    story.submit(day, "10:35")
    story.says("ask_approval", story.agent, day, "11:05", approver=story.lead)
    story.do("approve", story.lead, after(day, 1), "09:35")
    story.says("reply", story.agent, after(day, 1), "10:35")
    story.says("resolve", story.agent, after(day, 1), "15:05")
    story.do("confirm", story.requester, after(day, 2), "10:35")


def _held(story: Story, day: date) -> None:
    story.submit(day, "09:05")
    story.says("reply", story.agent, day, "11:05")
    story.says("hold", story.agent, day, "14:35", third_party="Acme", look_again_on=None)
    story.do("resume", story.agent, after(day, 2), "09:35")
    story.do("prioritise", story.lead, after(day, 2), "10:05", impact="team", urgency="planned",
             reason="Several people.")  # fmt: skip
    story.says("resolve", story.agent, after(day, 3), "11:35")
    story.do("confirm", story.requester, after(day, 4), "09:35")


def _reopened(story: Story, day: date) -> None:
    story.submit(day, "09:35")
    story.says("resolve", story.agent, day, "14:05")
    story.says("reopen", story.requester, after(day, 1), "09:35")
    story.says("resolve", story.agent, after(day, 1), "15:35")
    story.do("confirm", story.requester, after(day, 2), "09:35")


def _cancelled(story: Story, day: date) -> None:
    story.submit(day, "10:05")
    story.says("reply", story.agent, day, "11:05")
    story.says("reply", story.requester, day, "11:35")
    story.says("cancel", story.requester, after(day, 1), "09:35")


def _to_be_confirmed(story: Story, day: date) -> None:
    story.submit(day, "09:35")
    story.says("reply", story.agent, day, "10:35")
    story.says("reply", story.requester, day, "11:35")
    story.says("resolve", story.agent, day, "16:05")


def _nobody_has_it(story: Story, day: date) -> None:
    story.submit(day, "15:35")
    for clock in ("16:05", "16:35", "17:05"):
        story.says("reply", story.requester, day, clock)


def _in_progress(story: Story, day: date) -> None:
    story.submit(day, "10:05")
    story.says("reply", story.agent, day, "11:05")
    story.says("reply", story.requester, day, "14:05")
    story.says("reply", story.agent, day, "15:05")


def _waits_for_requester(story: Story, day: date) -> None:
    story.submit(day, "10:05")
    story.says("reply", story.agent, day, "11:05")
    story.says("reply", story.requester, day, "14:05")
    story.says("ask", story.agent, day, "16:35", look_again_on=after(day, 5))


def _waits_for_someone(story: Story, day: date) -> None:
    story.submit(day, "10:35")
    story.says("reply", story.agent, day, "11:05")
    story.says("reply", story.requester, day, "13:35")
    story.says(
        "hold", story.agent, day, "14:05", third_party="Acme", look_again_on=after(day, 8)
    )  # fmt: skip


def _waits_for_approval(story: Story, day: date) -> None:
    story.submit(day, "11:35")
    story.says("reply", story.agent, day, "13:35")
    story.says("reply", story.requester, day, "14:05")
    story.says("ask_approval", story.agent, day, "14:35", approver=story.lead)


DONE: dict[Tale, int] = {
    _served: 8, _late: 5, _asked_back: 4, _urgent: 2, _handed_on: 1, _approved: 1, _held: 1,
    _reopened: 1, _cancelled: 1,
}  # fmt: skip
"""Each provider's requests that are over, played three weeks ago."""
OPEN: dict[Tale, int] = {
    _nobody_has_it: 3, _in_progress: 4, _waits_for_requester: 1, _waits_for_someone: 1,
    _waits_for_approval: 1,
}  # fmt: skip
"""Each provider's open ones, of the last working days; beside them those that are long late."""
LONG_LATE = 5
OPEN_SHARE, CONFIRMED_SHARE = 0.2, 0.01


def play(now: datetime) -> Played:
    """Play the patterns: some 400 requests of every kind; nothing is due but later than now."""
    import time as clock

    rng, days = random.Random(7), Days(now)  # noqa: S311  # guards nothing
    patterns: list[Pattern] = []
    deeds, begin = 0, clock.perf_counter()
    for provider in Department.objects.order_by("pk"):
        for number, (tale, day, via, weeks, share) in enumerate(_tales(days)):
            story = Story(rng, number, provider, via)
            tale(story, day)
            deeds += story.deeds
            patterns.append(
                Pattern(
                    story.request.pk, story.requester.pk, story.agent.pk, share / len(NAMES),
                    weeks,
                )
            )  # fmt: skip
    ids = [one.request_id for one in patterns]
    _close(ids, now)
    sweep.settle(ids, now, Via.SEED)
    _ask_and_rate(ids, now, rng)
    return Played(patterns, deeds, clock.perf_counter() - begin)


def _tales(days: Days) -> Iterator[tuple[Tale, date, Via, int, float]]:
    """Each tale: its day, how it comes in, over how many weeks its copies lie, their share."""
    done = [tale for tale, count in DONE.items() for _ in range(count)]
    rest = 1 - OPEN_SHARE - CONFIRMED_SHARE
    for n, tale in enumerate(done):
        day = days.monday(3) + timedelta(days=n % 5)
        yield tale, day, Via.SEED, 104, rest / len(done)
    for n in range(2):
        yield _to_be_confirmed, days.last(2 + n), Via.SEED, 1, CONFIRMED_SHARE / 2
    fresh = [tale for tale, count in OPEN.items() for _ in range(count)]
    share = OPEN_SHARE / (len(fresh) + LONG_LATE)
    for n, tale in enumerate(fresh):
        day = days.last(1 if tale is _nobody_has_it else 1 + n % 2)
        yield tale, day, Via.PAGE, 1, share
    for n in range(LONG_LATE):
        yield _in_progress, days.monday(3) + timedelta(days=n), Via.SEED, 26, share


def _close(ids: list[int], now: datetime) -> None:
    """What nobody confirmed closes by itself."""
    for one in ServiceRequest.objects.filter(pk__in=ids, status=Status.RESOLVED):
        if one.closes_at and one.closes_at <= now:
            actions.close(one, by=None, at=one.closes_at, via=Via.SEED)


def _ask_and_rate(ids: list[int], now: datetime, rng: random.Random) -> None:
    """Whoever is to be asked is asked; a third answers."""
    invitations.advance(now, via=Via.SEED, service_request_ids=ids)
    for one in Invitation.objects.sent().filter(service_request__in=ids).order_by("pk"):
        if one.invited_at and rng.random() < 0.35:
            feedback_actions.rate(
                one.pk, score=rng.choice((3, 4, 4, 5, 5, 5)), comment="Thank you.",
                at=one.invited_at + timedelta(hours=1), via=Via.SEED,
            )  # fmt: skip
