"""The filter of a queue as a sentence: from whom, for what, how far, asked when, taken by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from catalogue.models import Service
from people.models import Department, User
from people.prepared import prepared
from people.translated import gettext as _
from requests_app.lifecycle import LIVE_STATUSES, STATUSES, Status
from requests_app.priority import Priority
from servicedesk.desk.lists import Rows

ORDERS = ("due", "newest")
PERIODS = ("today", "week", "month", "older")
LONGEST = 60
"""So long is a word of an address at most."""


class BadFilter(ValueError):
    """A filter that names what does not exist."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice that a word of the sentence opens."""

    words: str
    query: str
    current: bool


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the sentence, and what it could be instead; nothing where the view says it."""

    words: str
    choices: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Filter:
    """What was chosen; empty texts are "any"."""

    client: str = ""
    service: str = ""
    status: str = ""
    priority: str = ""
    asked: str = ""
    who: str = ""
    order: str = "due"

    @property
    def is_plain(self) -> bool:
        """Whether nothing is left out."""
        return replace(self, order="due") == Filter()

    def query(self, **changed: str) -> str:
        """As the end of an address, with these words changed."""
        chosen = {one.name: getattr(self, one.name) for one in fields(self)} | changed
        kept = {
            name: value
            for name, value in chosen.items()
            if value and (name, value) != ("order", "due")
        }
        return f"?{urlencode(kept)}" if kept else "?"


@dataclass(frozen=True, slots=True)
class Options:
    """What can be chosen: three queries."""

    clients: tuple[tuple[str, str], ...]
    services: tuple[tuple[str, str], ...]
    agents: tuple[tuple[str, str], ...]


def options(department: Department) -> Options:
    """The clients, services and agents that a department's queue can be narrowed to."""
    return Options(
        clients=tuple(_clients()),
        services=tuple(_services(department.pk)),
        agents=tuple((str(pk), name) for pk, name in _agents(department.pk)),
    )


@prepared
def _clients() -> QuerySet[Department, tuple[str, str]]:
    return Department.objects.values_list("slug", "name")


@prepared
def _services(department_id: int) -> QuerySet[Service, tuple[str, str]]:
    here = Service.objects.filter(department=department_id)
    return here.order_by("name").values_list("slug", "name")


@prepared
def _agents(department_id: int) -> QuerySet[User, tuple[int, str]]:
    here = User.objects.filter(is_active=True, memberships__team__department=department_id)
    return here.distinct().order_by("name", "pk").values_list("pk", "name")


# -- Reading an address --------------------------------------------------------------------------


def parse(given: Mapping[str, str]) -> Filter:
    """The filter of an address, as far as it can be told without a query. Raises BadFilter."""
    plain = Filter()
    chosen = replace(
        plain, **{one.name: given.get(one.name, getattr(plain, one.name)) for one in fields(plain)}
    )
    for one in fields(Filter):
        value = getattr(chosen, one.name)
        if len(value) > LONGEST or "\x00" in value:
            raise BadFilter(one.name)
    allowed: dict[str, tuple[str, ...]] = {
        "status": ("", *map(str, LIVE_STATUSES)),
        "priority": ("", *map(str, Priority)),
        "asked": ("", *PERIODS),
        "order": ORDERS,
    }
    for name, values in allowed.items():
        if getattr(chosen, name) not in values:
            raise BadFilter(name)
    if chosen.who not in ("", "nobody", "me") and not _is_id(chosen.who):
        raise BadFilter("who")
    return chosen


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def without_gone(chosen: Filter, known: Options) -> tuple[Filter, list[str]]:
    """The filter without what is not among the options (any more), and the words it lost."""
    there = {
        "client": {slug for slug, _name in known.clients},
        "service": {slug for slug, _name in known.services},
        "who": {pk for pk, _name in known.agents} | {"nobody", "me"},
    }
    gone = [name for name, values in there.items() if getattr(chosen, name) not in values | {""}]
    return replace(chosen, **dict.fromkeys(gone, "")), gone


def read(given: Mapping[str, str], known: Options) -> Filter:
    """The filter of an address. Raises BadFilter for what is not among the options."""
    chosen, gone = without_gone(parse(given), known)
    if gone:
        raise BadFilter(gone[0])
    return chosen


# -- Choosing rows -------------------------------------------------------------------------------


def narrow(rows: Rows, chosen: Filter, user: User, now: datetime) -> Rows:
    """The rows that the filter leaves; days are the reader's."""
    equal = {
        "client_department__slug": chosen.client,
        "service__slug": chosen.service,
        "status": chosen.status,
        "priority": chosen.priority,
    }
    rows = rows.filter(**{name: value for name, value in equal.items() if value})
    if chosen.who == "nobody":
        rows = rows.filter(assignee=None)
    elif chosen.who == "me":
        rows = rows.filter(assignee=user)
    elif chosen.who:
        rows = rows.filter(assignee=int(chosen.who))
    return _asked(rows, chosen.asked, now)


def _asked(rows: Rows, period: str, now: datetime) -> Rows:
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    match period:
        case "today":
            return rows.filter(submitted_at__gte=today)
        case "week":
            return rows.filter(submitted_at__gte=today - timedelta(days=6))
        case "month":
            return rows.filter(submitted_at__gte=today - timedelta(days=29))
        case "older":
            return rows.filter(submitted_at__lt=today - timedelta(days=29))
        case _:
            return rows


# -- The sentence --------------------------------------------------------------------------------


TAKEN_BY = {"unassigned": "nobody", "mine": "me"}
"""The views that say by whom their requests are taken."""


def sentence(chosen: Filter, known: Options, base: str = "", *, view: str = "") -> dict[str, Word]:
    """The words of the sentence, each with its choices; `base` is the address they lead to."""
    return _sentence(chosen, known, base, view, get_language())


@lru_cache(maxsize=256)
def _sentence(
    chosen: Filter, known: Options, base: str, view: str, _language: str | None
) -> dict[str, Word]:
    """Said once: the choices are a hundred links, and the same at the next page."""
    people = [("nobody", _("nobody")), ("me", _("me")), *known.agents]
    statuses = [
        (str(one), _("status “%(name)s”") % {"name": _(STATUSES[one].label)})
        for one in Status
        if one in LIVE_STATUSES
    ]
    priorities = [(str(one), _("priority %(name)s") % {"name": one}) for one in Priority]
    offered: dict[str, Sequence[tuple[str, Any]]] = {
        "client": [("", _("any department")), *known.clients],
        "service": [("", _("any service")), *known.services],
        "status": [("", _("any status")), *statuses],
        "priority": [("", _("any priority")), *priorities],
        "asked": [("", _("at any time")), *_periods()],
        "who": [("", _("anyone")), *people],
        "order": [("due", _("what breaches next")), ("newest", _("the newest"))],
    }
    said = {name: _word(chosen, name, choices, base) for name, choices in offered.items()}
    if chosen.who in ("", TAKEN_BY.get(view)) and view in TAKEN_BY:
        said["who"] = Word(dict(people)[TAKEN_BY[view]], [])
    return said


def _periods() -> list[tuple[str, str]]:
    words = (
        _("today"),
        _("in the last 7 days"),
        _("in the last 30 days"),
        _("more than 30 days ago"),
    )
    return list(zip(PERIODS, words, strict=True))


def _word(chosen: Filter, name: str, offered: Sequence[tuple[str, Any]], base: str) -> Word:
    now = getattr(chosen, name)
    choices = tuple(
        Choice(str(words), base + chosen.query(**{name: value}), value == now)
        for value, words in offered
    )
    return Word(next(choice.words for choice in choices if choice.current), choices)


def gone_words(gone: Sequence[str]) -> list[str]:
    """What a saved filter named that is no longer there, in words."""
    said = {
        "client": _("The department that it was narrowed to is gone."),
        "service": _("The service that it was narrowed to is gone."),
        "who": _("The colleague it was narrowed to no longer works here."),
        "all": _("Its filter can no longer be read."),
    }
    return [said[name] for name in gone]
