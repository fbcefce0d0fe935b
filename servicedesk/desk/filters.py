"""The filter of a queue as a sentence: from whom, for what, taken by whom, what first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from catalogue.models import Service
from people.models import Department, User
from servicedesk.desk.lists import Rows

ORDERS = ("due", "newest")


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
    """A word of the sentence, and what it could be instead."""

    words: str
    choices: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Filter:
    """What was chosen; empty texts are "any"."""

    client: str = ""
    service: str = ""
    who: str = ""
    order: str = "due"

    @property
    def is_plain(self) -> bool:
        """Whether nothing is left out."""
        return not (self.client or self.service or self.who)

    def query(self, **changed: str) -> str:
        """As the end of an address, with these words changed."""
        chosen = {"client": self.client, "service": self.service, "who": self.who}
        chosen |= {"order": self.order if self.order != "due" else ""} | changed
        kept = {
            name: value
            for name, value in chosen.items()
            if value and (name, value) != ("order", "due")
        }
        return f"?{urlencode(kept)}" if kept else "?"


@dataclass(frozen=True, slots=True)
class Options:
    """What can be chosen: three queries."""

    clients: Sequence[tuple[str, str]]
    services: Sequence[tuple[str, str]]
    agents: Sequence[tuple[str, str]]


def options(department: Department) -> Options:
    """The clients, services and agents that a department's queue can be narrowed to."""
    return Options(
        clients=list(Department.objects.values_list("slug", "name")),
        services=list(
            Service.objects.filter(department=department)
            .order_by("name")
            .values_list("slug", "name")
        ),
        agents=[
            (str(pk), name)
            for pk, name in User.objects.filter(
                is_active=True, memberships__team__department=department
            )
            .distinct()
            .order_by("name", "pk")
            .values_list("pk", "name")
        ],
    )


def read(given: QueryDict, known: Options) -> Filter:
    """The filter of an address. Raises BadFilter for what is not among the options."""
    chosen = Filter(
        client=given.get("client", ""),
        service=given.get("service", ""),
        who=given.get("who", ""),
        order=given.get("order", "due"),
    )
    allowed: dict[str, set[str]] = {
        "client": {slug for slug, _name in known.clients},
        "service": {slug for slug, _name in known.services},
        "who": {pk for pk, _name in known.agents} | {"nobody", "me"},
    }
    for name, values in allowed.items():
        if getattr(chosen, name) and getattr(chosen, name) not in values:
            raise BadFilter(name)
    if chosen.order not in ORDERS:
        raise BadFilter("order")
    return chosen


def narrow(rows: Rows, chosen: Filter, user: User) -> Rows:
    """The rows that the filter leaves."""
    if chosen.client:
        rows = rows.filter(client_department__slug=chosen.client)
    if chosen.service:
        rows = rows.filter(service__slug=chosen.service)
    if chosen.who == "nobody":
        rows = rows.filter(assignee=None)
    elif chosen.who == "me":
        rows = rows.filter(assignee=user)
    elif chosen.who:
        rows = rows.filter(assignee=int(chosen.who))
    return rows


def sentence(chosen: Filter, known: Options) -> dict[str, Word]:
    """The words of the sentence, each with its choices."""
    people = [("nobody", _("nobody")), ("me", _("me")), *known.agents]
    orders = [("due", _("what breaches next")), ("newest", _("the newest"))]
    return {
        "client": _word(chosen, "client", [("", _("any department")), *known.clients]),
        "service": _word(chosen, "service", [("", _("any service")), *known.services]),
        "who": _word(chosen, "who", [("", _("anyone")), *people]),
        "order": _word(chosen, "order", orders),
    }


def _word(chosen: Filter, name: str, offered: Sequence[tuple[str, Any]]) -> Word:
    now = getattr(chosen, name)
    choices = [
        Choice(str(words), chosen.query(**{name: value}), value == now) for value, words in offered
    ]
    return Word(next(choice.words for choice in choices if choice.current), choices)
