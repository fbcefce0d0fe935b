"""Rows that stay from one test to the next, where both ask for the same.

Who works where and what is offered costs more to write down than most tests take. A fixture that
says `@beforehand` only makes rows and returns them, out of other such fixtures. What the next test
asks for of these is made before that test's own transaction begins, each within the one before. It
is taken back as soon as a test comes that does not ask for it: no test finds a row that it did not
ask for. What a test does to the rows is taken back as ever; what it does to the objects, it does to
its own copies.

Tests that commit, and modules with fixtures of a wider scope (a transaction of their own, most
likely), find an empty database, and what they ask for is made where they ask for it.
"""

from __future__ import annotations

import copy
import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

import pytest
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

P = ParamSpec("P")
T = TypeVar("T")
Make = Callable[..., Any]

WIDER = ("class", "module", "package")

_ranks: dict[Make, int] = {}
"""Every fixture made beforehand, and how many there were before it: it is made after those."""
_here: dict[Make, Any] = {}
"""What was made beforehand for the test that runs: its own copies."""


def beforehand(make: Callable[P, T]) -> Callable[P, T]:
    """Make a fixture's rows beforehand, and keep them for the next test that asks for them."""

    @functools.wraps(make)
    def fixture(*args: P.args, **given: P.kwargs) -> T:
        found: T = _here[fixture] if fixture in _here else make(*args, **given)
        return found

    _ranks[fixture] = len(_ranks)
    return fixture


@dataclass(slots=True)
class _Layer:
    """What one fixture made on top of those before it."""

    make: Make
    atomic: transaction.Atomic
    values: dict[Make, Any]
    """What this one and all those before it made."""


class Standing:
    """What stands in the database between tests."""

    def __init__(self) -> None:
        self.blocker: DjangoDbBlocker | None = None
        """Given once there is a database."""
        self._layers: list[_Layer] = []

    def prepare(self, item: pytest.Item) -> None:
        """Bring the database to where this test begins."""
        _here.clear()
        if self.blocker is None or not isinstance(item, pytest.Function):
            return
        if "db" not in item.fixturenames and item.get_closest_marker("django_db") is None:
            return
        with self.blocker.unblock():
            self._bring_to(_wanted(item))
        if self._layers:
            _here.update(copy.deepcopy(self._layers[-1].values))

    def forget(self) -> None:
        """Take everything back."""
        if self._layers and self.blocker is not None:
            with self.blocker.unblock():
                self._take_back(0)

    def _bring_to(self, wanted: Mapping[Make, Mapping[str, Make]]) -> None:
        if connection.closed_in_transaction or connection.needs_rollback:
            self._take_back(0)  # a test has closed it
        same = 0
        for layer, make in zip(self._layers, wanted, strict=False):
            if layer.make is not make:
                break
            same += 1
        self._take_back(same)
        if connection.in_atomic_block and not self._layers:
            return  # somebody else's
        for make in list(wanted)[same:]:
            self._add(make, wanted[make])

    def _add(self, make: Make, of: Mapping[str, Make]) -> None:
        atomic = transaction.atomic()
        atomic.__enter__()
        values = copy.deepcopy(self._layers[-1].values) if self._layers else {}
        self._layers.append(_Layer(make, atomic, values))
        try:
            given = {name: values[each] for name, each in of.items()}
            if "db" in inspect.signature(make).parameters:
                given["db"] = None
            values[make] = make(**given)
        except BaseException:
            self._take_back(0)
            raise

    def _take_back(self, but: int) -> None:
        while len(self._layers) > but:
            atomic = self._layers.pop().atomic
            connection.needs_rollback = True
            atomic.__exit__(None, None, None)


def _wanted(item: pytest.Function) -> dict[Make, dict[str, Make]]:
    """The fixtures to be made beforehand, in order, each with those it is made of."""
    if _commits(item):
        return {}
    known = item._fixtureinfo.name2fixturedefs
    asked_for: dict[Make, pytest.FixtureDef[Any]] = {}
    for name in item.fixturenames:
        if not (definitions := known.get(name)):
            continue
        nearest = definitions[-1]
        if nearest.scope in WIDER and nearest.baseid:
            return {}
        if nearest.func in _ranks:
            asked_for[nearest.func] = nearest
    found: dict[Make, dict[str, Make]] = {}

    def add(make: Make) -> bool:
        if make in asked_for and make not in found:
            others = (name for name in asked_for.pop(make).argnames if name != "db")
            of = {name: known[name][-1].func for name in others}
            if all(add(each) for each in of.values()):
                found[make] = of
        return make in found

    for make in sorted(asked_for, key=_ranks.__getitem__):
        add(make)
    return found


def _commits(item: pytest.Function) -> bool:
    marker = item.get_closest_marker("django_db")
    if marker is not None and (marker.args or marker.kwargs):
        return True
    return not {"transactional_db", "live_server"}.isdisjoint(item.fixturenames)
