"""Querysets that are turned into SQL once: what every page asks, again and again.

Django takes several times as long to make SQL of a small queryset as PostgreSQL to answer it. So
the questions of the busiest pages are written as functions that look like any other queryset:

    @prepared
    def unread_of(user_id: int) -> QuerySet[Notice, int]:
        return Notice.objects.unread().filter(user=user_id).values_list("pk", flat=True)

    unread_of(person.pk)   # a list, by one statement

The first call runs the function with stand-ins for its arguments and keeps the statement; every
call puts its own values into it, as parameters. So the function must not look at its arguments:
they may only stand as values in filters. What a queryset of its own kind fetches besides (its
method `complete`) is fetched here, too. Several values at once are asked for by the lookup
`among` (`pk__among=ids`), as the length of an `in` would be part of the statement. Nothing of an
answer is kept.

It lies in this package because every other one may import it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar, get_origin, get_type_hints

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, ForeignObject, Lookup, Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesListIterable,
    get_related_populators,
)
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import post_init, pre_init
from django.db.transaction import TransactionManagementError

P = ParamSpec("P")
Row = TypeVar("Row")
M = TypeVar("M", bound=Model)


class _Several(list[Any]):
    """Stands in for several values."""


@ForeignObject.register_lookup
@Field.register_lookup
class Among(Lookup):
    """`pk__among=ids`: one of these, as one parameter however many there are."""

    lookup_name = "among"
    prepare_rhs = False
    compared = "= ANY"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """SQL: column = ANY(array)."""
        column, params = self.process_lhs(compiler, connection)
        given = self.rhs if isinstance(self.rhs, _Several) else list(self.rhs)
        return f"{column} {self.compared}(%s)", [*params, given]


@Field.register_lookup
class LikeAll(Among):
    """`name__like_all=patterns`: a text that is like each of these, `%` and `_` as SQL has them."""

    lookup_name = "like_all"
    compared = "LIKE ALL"


class Prepared(Generic[P, Row]):
    """A queryset made ready; see above. Safe for several threads at once."""

    def __init__(self, make: Callable[P, QuerySet[Any, Row]]) -> None:
        update_wrapper(self, make)
        self._make = make
        self._statement: _Statement | None = None

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> list[Row]:
        """The rows, for these values; one query."""
        if self._statement is None:
            self._statement = _Statement(self._make)
        return self._statement.rows(*args, **kwargs)


prepared = Prepared


class _Statement:
    """The SQL of a queryset, the places of its values, and how rows are read."""

    def __init__(self, make: Callable[..., QuerySet[Any, Any]]) -> None:
        hints = get_type_hints(make)
        self._names = list(inspect.signature(make).parameters)
        stand_ins = {name: _stand_in(hints[name], place) for place, name in enumerate(self._names)}
        rows = make(**stand_ins)
        self._compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        self._sql, params = self._compiler.as_sql()
        self._params = [_slot_of(one, stand_ins) or _Fixed(one) for one in params]
        if missing := set(self._names) - {one for one in self._params if isinstance(one, str)}:
            raise TypeError(f"{make.__qualname__} does not filter by {', '.join(sorted(missing))}")
        select = [one[0] for one in self._compiler.select]
        self._converters = self._compiler.get_converters(select)
        self._read = _reader(rows, self._compiler)
        self._locks = rows.query.select_for_update
        self._complete = getattr(rows, "complete", None)

    def rows(self, *args: Any, **kwargs: Any) -> list[Any]:
        """Ask, with these values in their places."""
        given = dict(zip(self._names, args, strict=False), **kwargs)
        params = [
            one.value if isinstance(one, _Fixed) else _as_parameter(given[one])
            for one in self._params
        ]
        connection = connections[DEFAULT_DB_ALIAS]
        if self._locks and not connection.in_atomic_block:
            raise TransactionManagementError("Rows are locked within a transaction only.")
        with connection.cursor() as cursor:
            cursor.execute(self._sql, params)
            found: list[Any] = cursor.fetchall()
        if self._converters:
            for place, (converters, expression) in self._converters.items():
                found = [
                    (*row[:place], _converted(row[place], converters, expression, connection),
                     *row[place + 1 :])
                    for row in found
                ]  # fmt: skip
        read = self._read(found)
        if self._complete and read and isinstance(read[0], Model):
            self._complete(read)
        return read


class _Fixed:
    """A value that is the same at every call."""

    def __init__(self, value: Any) -> None:
        self.value = value


def _converted(value: Any, converters: Sequence[Any], expression: Any, connection: Any) -> Any:
    for convert in converters:
        value = convert(value, expression, connection)
    return value


def _as_parameter(value: Any) -> Any:
    """As psycopg takes it: any collection as a list."""
    if isinstance(value, str) or not isinstance(value, Collection):
        return value
    return list(value)


def _stand_in(hint: Any, place: int) -> Any:
    if hint is int:
        return 7_000_000_000_000_000 + place
    if hint is str:
        return f"stand-in {place}"
    if hint is datetime:
        return datetime(1901, 1, 1, tzinfo=UTC) + timedelta(microseconds=place)
    if issubclass(get_origin(hint) or object, Collection):
        return _Several([place])
    raise TypeError(f"{hint} cannot be prepared")


def _slot_of(param: Any, stand_ins: dict[str, Any]) -> str | None:
    """The name of the argument whose stand-in this is."""
    for name, one in stand_ins.items():
        if param is one or (type(param) is type(one) and param == one):
            return name
    return None


# -- Reading rows: as the querysets' own iterables do ----------------------------------------------


def _reader(rows: QuerySet[Any, Any], compiler: Any) -> Callable[[list[Any]], list[Any]]:
    if rows._iterable_class is FlatValuesListIterable:
        return lambda found: [one[0] for one in found]
    if rows._iterable_class is ValuesListIterable:
        return lambda found: found
    if rows._iterable_class is not ModelIterable or rows._prefetch_related_lookups:  # type: ignore[attr-defined]
        raise TypeError("Only rows, tuples and single values can be prepared.")
    return _reader_of_models(compiler)


def _reader_of_models(compiler: Any) -> Callable[[list[Any]], list[Any]]:
    info, select = compiler.klass_info, compiler.select
    make, places = _Maker(info["model"]), info["select_fields"]
    begin, end = places[0], places[-1] + 1
    names = [one[0].target.attname for one in select[begin:end]]
    related: Any = get_related_populators(info, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
    _make_quickly(related)
    beside = compiler.annotation_col_map

    def read(found: list[Any]) -> list[Any]:
        made = []
        for row in found:
            one = make.from_db(DEFAULT_DB_ALIAS, names, row[begin:end])
            for populate in related:
                populate.populate(row, one)
            for name, place in beside.items():
                setattr(one, name, row[place])
            made.append(one)
        return made

    return read


_PLAIN = (DeferredAttribute, ForeignKeyDeferredAttribute)
"""Columns whose value lies among the row's attributes as it was read."""


class _Maker:
    """Makes rows of a model of what was read, as `Model.from_db` does, at a fifth of its cost.

    Django sets each attribute by itself, and a row of thirty columns takes longer to make than to
    read. Where a model has nothing to say about how it is made, its columns are simply put there.
    """

    def __init__(self, model: type[Model]) -> None:
        self._model = model
        self._is_plain = (
            model.__init__ is Model.__init__
            and getattr(model.from_db, "__func__", None) is getattr(Model.from_db, "__func__", None)
            and not pre_init.has_listeners(model)
            and not post_init.has_listeners(model)
            and all(field.descriptor_class in _PLAIN for field in model._meta.concrete_fields)
        )

    def from_db(self, db: str, names: Sequence[str], values: Sequence[Any]) -> Model:
        """A row as it stands in the database, by its attributes."""
        if not self._is_plain:
            return self._model.from_db(db, names, values)
        one = self._model.__new__(self._model)
        state = ModelState()
        state.adding, state.db = False, db
        one.__dict__.update(zip(names, values, strict=True), _state=state)
        return one


def _make_quickly(populators: Sequence[Any]) -> None:
    """The same for what a queryset selects beside its rows."""
    for one in populators:
        one.model_cls = _Maker(one.model_cls)
        _make_quickly(one.related_populators)
