"""What is asked of the desk in a benchmark: each page with people and requests that vary."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Count, Max
from django.urls import reverse

from benchmarks.multiply import NEEDLE
from benchmarks.serving import CSRF, Ask
from people.models import Department, User
from requests_app.lifecycle import LIVE_STATUSES, Status
from requests_app.models import Event, ServiceRequest

PEOPLE = 10
"""So many people ask, in turn."""
REQUESTS = 4_000
DEEP = 2_000
NARROWED = 25
MINE = 15
"""So many rows have pages that are the same at every size."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Page:
    """One line of the table."""

    name: str
    ask: Callable[[int], Ask]
    aim: float | None = None
    """Milliseconds, the median at 100,000 requests with one client."""


def pages() -> list[Page]:
    """Every page that is measured; makes the sessions."""
    here = Department.objects.get(slug="it")
    agents = _signed_in(
        User.objects.filter(memberships__team__department=here, memberships__is_lead=False)
    )
    requesters = _signed_in(
        User.objects.filter(memberships=None, managements=None)
        .annotate(n=Count("requests_made"))
        .exclude(department=here)
        .order_by("department", "pk")
    )
    manager = _signed_in(User.objects.filter(managements__isnull=False))
    queue = reverse("desk:view", args=[here.slug, "open"])
    live = ServiceRequest.objects.filter(provider_department=here, status__in=LIVE_STATUSES)
    worked = list(
        live.filter(status=Status.IN_PROGRESS)
        .order_by("key")
        .values_list("reference", flat=True)[:REQUESTS]
    )
    return [
        Page("queue, first page (50 rows)", _read([queue], agents), 30),
        Page("queue, 25 rows", _read([queue + _narrow(here)], agents), 30),
        Page("queue, deep page by key", _read([queue + _deep(here)], agents), 30),
        Page("work view, 3 messages", _read([_page(one) for one in worked[:500]], agents), 20),
        Page("request page of who asked", _own(requesters), None),
        Page("my requests, 15 rows", _mine(requesters), 20),
        Page("my requests, first page", _read([reverse("portal:my_requests")], requesters), 20),
        Page("home", _read([reverse("portal:home")], requesters), None),
        Page("submit", _submit(requesters), 15),
        Page("public reply", _reply(worked, agents), 15),
        Page("search, about 50 hits", _search(NEEDLE, agents), 40),
        Page("search, more than 200 hits", _search("manual", agents), None),
        Page("service card", _read([_service(here)], requesters), None),
        Page("SLA overview", _read([reverse("dashboards:overview")], manager), 40),
    ]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Someone with a session."""

    user: User
    session: str


def _signed_in(users: Sequence[User] | object) -> list[SignedIn]:
    found = []
    for user in itertools.islice(iter(users), PEOPLE * 5):  # type: ignore[call-overload]
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        found.append(SignedIn(user, str(session.session_key)))
    return found[:: max(1, len(found) // PEOPLE)]


def _read(paths: Sequence[str], people: Sequence[SignedIn]) -> Callable[[int], Ask]:
    return lambda n: Ask(paths[n % len(paths)], people[n % len(people)].session)


def _page(reference: str) -> str:
    return reverse("conversation:request", args=[reference])


def _service(here: Department) -> str:
    return reverse("portal:service", args=[here.slug, "general-help"])


def _own(people: Sequence[SignedIn]) -> Callable[[int], Ask]:
    asks = []
    for one in people:
        mine = ServiceRequest.objects.filter(requester=one.user).order_by("-pk")
        asks += [
            Ask(_page(reference), one.session)
            for reference in mine.values_list("reference", flat=True)[:30]
        ]
    asks.sort(key=lambda ask: ask.path)
    return lambda n: asks[n % len(asks)]


def _narrow(here: Department) -> str:
    """A filter of the queue, and a place in it after which 25 rows are left, at every size."""
    live = ServiceRequest.objects.filter(provider_department=here, status=Status.IN_PROGRESS)
    row = live.order_by("-queue_at", "-pk")[NARROWED]
    return f"?status={Status.IN_PROGRESS}&after={_place(row)}"


def _mine(people: Sequence[SignedIn]) -> Callable[[int], Ask]:
    """The end of what each of them asked for, so that the page has as many rows at every size."""
    address = reverse("portal:my_requests")
    asks = []
    for one in people:
        last = ServiceRequest.objects.filter(requester=one.user).order_by("pk")
        place = last.values_list("pk", flat=True)[MINE : MINE + 1]
        given = {"show": "all"} | ({"after": str(place[0])} if place else {})
        asks.append(Ask(f"{address}?{urlencode(given)}", one.session))
    return lambda n: asks[n % len(asks)]


def _deep(here: Department) -> str:
    live = ServiceRequest.objects.filter(provider_department=here, status__in=LIVE_STATUSES)
    place = min(DEEP, live.count() // 2)
    row = live.order_by("queue_at", "pk")[place]
    return f"?after={_place(row)}"


def _place(row: ServiceRequest) -> str:
    return f"{(row.queue_at - EPOCH) // timedelta(microseconds=1)}.{row.pk}"


def _submit(people: Sequence[SignedIn]) -> Callable[[int], Ask]:
    address = reverse("portal:service", args=["finance", "general-help"])

    def ask(n: int) -> Ask:
        form = {
            "csrfmiddlewaretoken": CSRF, "key": str(uuid.uuid4()), "urgency": "planned",
            "impact": "me", "q_subject": f"Invoice {n} is missing", "q_where": "Dublin",
            "q_details": "We sent it last week and have heard nothing since.",
        }  # fmt: skip
        return Ask(address, people[n % len(people)].session, urlencode(form))

    return ask


def _reply(references: Sequence[str], agents: Sequence[SignedIn]) -> Callable[[int], Ask]:
    newest = Event.objects.aggregate(newest=Max("pk"))["newest"]

    def ask(n: int) -> Ask:
        form = {
            "csrfmiddlewaretoken": CSRF, "act": "reply", "key": str(uuid.uuid4()),
            "message": f"We looked at it again and found page {n}.", "seen": str(newest),
        }  # fmt: skip
        # Backwards, so that the pages that are read are not the ones that grow.
        reference = references[-1 - n % len(references)]
        address = reverse("conversation:do", args=[reference])
        return Ask(address, agents[n % len(agents)].session, urlencode(form))

    return ask


def _search(word: str, people: Sequence[SignedIn]) -> Callable[[int], Ask]:
    return _read([reverse("portal:search") + "?" + urlencode({"q": word})], people)
