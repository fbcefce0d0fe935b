"""The shape of what a department offers, and of what people ask of it. Pure data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Field = dict[str, Any]
Talk = tuple[tuple[str, str], ...]
"""Questions of the provider, each with its answer."""

SMALL: dict[tuple[str, str], float] = {
    ("me", "planned"): 46,
    ("me", "soon"): 30,
    ("team", "planned"): 12,
    ("me", "now"): 7,
    ("team", "soon"): 5,
}
USUAL: dict[tuple[str, str], float] = {
    ("me", "soon"): 30,
    ("me", "planned"): 20,
    ("team", "soon"): 21,
    ("me", "now"): 17,
    ("team", "planned"): 8,
    ("team", "now"): 3,
    ("wide", "planned"): 1,
}
PRESSING: dict[tuple[str, str], float] = {
    ("me", "now"): 40,
    ("me", "soon"): 21,
    ("team", "soon"): 19,
    ("team", "now"): 14,
    ("wide", "soon"): 3,
    ("wide", "now"): 1.4,
}


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that people ask for; texts may hold {names} that each story fills in."""

    subject: str
    details: str
    answers: dict[str, Any] = field(default_factory=dict)
    """Where the form's answer follows from the matter; the rest is chosen by the field."""
    talk: Talk = ()
    """Questions that suit this matter, instead of the service's."""
    done: tuple[str, ...] = ()
    """What may be said when it is done, instead of the service's."""
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A service and how its requests go."""

    department: str
    slug: str
    name: str
    summary: str
    category: str
    icon: str
    team: str
    fields: tuple[Field, ...]
    matters: tuple[Matter, ...]
    done: tuple[str, ...]
    gets: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    description: str = ""
    subject_field: str = "what"
    restricted: bool = False
    audience: tuple[str, ...] = ()
    """Departments that may ask; empty: everyone."""
    share: float = 1.0
    """How often it is asked for, beside the others."""
    clients: dict[str, float] = field(default_factory=dict)
    """How much more often than by its size a department asks; 1 where nothing is said."""
    weights: dict[tuple[str, str], float] = field(default_factory=lambda: USUAL)
    """How often which impact and urgency are given."""
    talk: Talk = ()
    asks: float = 0.25
    """How often the provider has to ask back."""
    notes: tuple[str, ...] = ()
    holds: tuple[tuple[str, str], ...] = ()
    """Who outside is waited for, and what is said of it."""
    held: float = 0.08
    again: tuple[str, ...] = ()
    """Why it was not done yet."""
    reopened: float = 0.05
    declines: tuple[str, ...] = ()
    approvals: float = 0.0
    """How often the requester's head must agree."""
    quick: bool = False
    """Often done in the first hour."""
    is_general: bool = False
    sends_on: float = 0.03
    """How often it turns out to belong elsewhere."""


def short(key: str, label: str, help: str = "", *, required: bool = True, **more: Any) -> Field:  # noqa: A002
    """A line of text."""
    return _field(key, "short_text", label, help, required, more)


def long(key: str, label: str, help: str = "", *, required: bool = False, **more: Any) -> Field:  # noqa: A002
    """Several lines of text."""
    return _field(key, "long_text", label, help, required, more)


def choice(key: str, label: str, *choices: str, required: bool = True, **more: Any) -> Field:
    """One of several."""
    return _field(key, "choice", label, "", required, more) | {"choices": list(choices)}


def choices(key: str, label: str, *choices: str, required: bool = False, **more: Any) -> Field:
    """Any of several."""
    return _field(key, "choices", label, "", required, more) | {"choices": list(choices)}


def day(key: str, label: str, help: str = "", *, required: bool = False, **more: Any) -> Field:  # noqa: A002
    """A date."""
    return _field(key, "date", label, help, required, more)


def number(key: str, label: str, help: str = "", *, required: bool = False, **more: Any) -> Field:  # noqa: A002
    """A number."""
    return _field(key, "number", label, help, required, more)


def yes_no(key: str, label: str, *, required: bool = True, **more: Any) -> Field:
    """Yes or no."""
    return _field(key, "yes_no", label, "", required, more)


def person(key: str, label: str, *, required: bool = True, **more: Any) -> Field:
    """A colleague."""
    return _field(key, "person", label, "", required, more)


def department(key: str, label: str, *, required: bool = True, **more: Any) -> Field:
    """A department."""
    return _field(key, "department", label, "", required, more)


def file(key: str, label: str, help: str = "", *, required: bool = False, **more: Any) -> Field:  # noqa: A002
    """A file."""
    return _field(key, "file", label, help, required, more)


def _field(
    key: str, kind: str, label: str, help_text: str, required: bool, more: dict[str, Any]
) -> Field:
    return {
        "key": key,
        "kind": kind,
        "label": label,
        "help": help_text,
        "required": required,
    } | more


WHAT = short("what", "What is it about?", "A few words; they become the name of your request.")
DETAILS = long("details", "Tell us more")
