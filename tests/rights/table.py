"""The table: every address of the desk, by every role, on every kind of request, read and sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.rights import rules
from tests.rights.rules import KINDS, NOT_BY_HAND, ROLES, RULES, SIGNED_OUT, TRIED, Rule


@dataclass(frozen=True, slots=True)
class Cell:
    """One thing that someone tries, and what may come of it."""

    name: str
    method: str
    who: str
    allowed: frozenset[int]
    kind: str = ""
    deed: str = ""
    quiet: bool = True
    """Leaves no event."""


def addresses() -> list[str]:
    """The names of all addresses, from the URL table; those without a name are its own paths."""
    return sorted(set(_walk(get_resolver().url_patterns, "")))


def _walk(patterns: Any, namespace: str) -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from _walk(one.url_patterns, inner)
        elif isinstance(one, URLPattern) and one.name:
            yield namespace + one.name


def is_of_sign_in(name: str) -> bool:
    """Whether the address belongs to sign-in."""
    return name.startswith(rules.OF_SIGN_IN)


def undeclared() -> list[str]:
    """Addresses for which no rule says who may open them."""
    return [name for name in addresses() if name not in RULES and not is_of_sign_in(name)]


def cells() -> Iterator[Cell]:
    """Every cell of the table, address by address."""
    for name in addresses():
        if name in RULES:
            yield from cells_of(name)


def cells_of(name: str) -> Iterator[Cell]:
    """The cells of one address."""
    rule = RULES[name]
    kinds = KINDS if rule.names_request else ("",)
    deeds = TRIED if rule.names_deed else ("",)
    for kind in kinds:
        for deed in deeds:
            for who in ROLES:
                for method in ("GET", "POST"):
                    yield _cell(name, rule, method, who, kind, deed)


def _cell(name: str, rule: Rule, method: str, who: str, kind: str, deed: str) -> Cell:
    reads = who in (rule.readers if isinstance(rule.readers, frozenset) else rule.readers[kind])
    wanted = rule.get if method == "GET" else rule.post
    does = bool(deed) and reads and deed not in NOT_BY_HAND and rules.does(deed, who, kind)
    if who == SIGNED_OUT and not rule.public:
        allowed = rules.NO_KEY if rule.program else rules.LOGIN
    elif not wanted:
        allowed = frozenset({rules.UNREAD}) | (frozenset() if reads else rule.others)
    elif not reads or deed in NOT_BY_HAND:
        allowed = rule.others
    elif deed and not does:
        allowed = frozenset({rules.FORBIDDEN})
    elif deed and method == "GET":
        allowed = frozenset({rules.OK, 409})
    else:
        allowed = wanted
    return Cell(name, method, who, allowed, kind, deed, quiet=not (does and method == "POST"))


def count() -> int:
    """How many cells there are."""
    return sum(1 for _cell in cells())
