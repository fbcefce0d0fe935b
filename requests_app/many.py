"""Many rows by one statement: what a deed or a sweep writes, without a thought for each value.

Django's own `bulk_create` asks every field of every row how it is to be written. Here each column
goes to PostgreSQL as one array, at a quarter of the cost. No signal is sent.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Field, JSONField, Model
from django.db.models.base import ModelState
from django.db.models.expressions import DatabaseDefault

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class _Column:
    """How one column is written."""

    name: str
    array: str
    """The type of the array that carries it."""
    value: str
    """What becomes of one value of the array, in SQL."""
    text: Callable[[Any], str] | None
    """How one value stands in an array that is sent as one text; None: psycopg sends them singly,
    which takes PostgreSQL several times as long to read."""


@dataclass(frozen=True, slots=True)
class _Table:
    """What is known of a model; read once."""

    name: str
    columns: Mapping[str, _Column]
    """By attribute; all but a key that the database numbers by itself."""
    defaults: frozenset[str]
    """Those that the database fills where a row says nothing."""
    returned: Mapping[str, str]
    """By attribute, the columns that it may fill, and the key."""
    key: str
    """The column of the primary key, a whole number."""


def new(model: type[Row], values: Mapping[str, Any], beside: Mapping[str, Model | None]) -> Row:
    """A row not yet written, of its columns by attribute; `beside` are rows it refers to, by field.

    What `Model(**values)` makes, without a thought for each field. Columns that are not named have
    the default of the model, which must not be one that is worked out for each row.
    """
    one = model.__new__(model)
    state = ModelState()
    state.fields_cache = dict(beside)
    one.__dict__.update(_blank(model), **values, _state=state)
    return one


@lru_cache(maxsize=32)
def _blank(model: type[Model]) -> Mapping[str, Any]:
    return {name: value for name, value in model().__dict__.items() if name != "_state"}


def insert(rows: Sequence[Row], *, ignore_conflicts: bool = False) -> list[Row]:
    """Write new rows of one model.

    They get what the database gives them, such as their ids, unless conflicts are ignored. What has
    a default in the database must be said by all of them or by none: ValueError otherwise.
    """
    if not rows:
        return []
    table = _table(type(rows[0]))
    held = [row.__dict__ for row in rows]
    values = {name: [one[name] for one in held] for name in table.columns}
    for name in table.defaults:
        unsaid = [isinstance(one, DatabaseDefault) for one in values[name]]
        if all(unsaid):
            del values[name]
        elif any(unsaid):
            raise ValueError(f"{name} is given for some of the rows only")
    given = _write(table, values, ignore_conflicts=ignore_conflicts)
    if not ignore_conflicts:
        for row, told in zip(rows, given or [()] * len(rows), strict=True):
            for name, value in zip(_told(table, values), told, strict=True):
                setattr(row, name, value)
            row._state.adding, row._state.db = False, connection.alias
    return list(rows)


def insert_new(model: type[Model], values: Mapping[str, list[Any]]) -> None:
    """Write rows given as columns, by attribute; those that are there already stay as they are."""
    _write(_table(model), values, ignore_conflicts=True)


def update(rows: Sequence[Model], names: Sequence[str]) -> None:
    """Write these columns of each row, by attribute: each row its own values."""
    if not rows or not names:
        return
    table = _table(type(rows[0]))
    columns = [table.columns[name] for name in names]
    given = ", ".join(column.name for column in columns)
    new = ", ".join(f"{column.name} = {column.value}" for column in columns)
    arrays = ", ".join(f"%s::{column.array}[]" for column in columns)
    sql = (
        f"UPDATE {table.name} AS old SET {new} "  # noqa: S608  # names of our own columns
        f"FROM unnest(%s::bigint[], {arrays}) AS new(its_key, {given}) "
        f"WHERE old.{table.key} = new.its_key"
    )
    held = [row.__dict__ for row in rows]
    values = [
        _sent(column, [one[name] for one in held])
        for column, name in zip(columns, names, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, [_array(str, [row.pk for row in rows]), *values])


def _write(table: _Table, values: Mapping[str, list[Any]], *, ignore_conflicts: bool) -> list[Any]:
    """What the database gave each row; nothing where it gives nothing, or was not asked."""
    columns = [table.columns[name] for name in values]
    names = ", ".join(column.name for column in columns)
    sql = (
        f"INSERT INTO {table.name} ({names}) "  # noqa: S608  # names of our own columns
        f"SELECT {', '.join(column.value for column in columns)} "
        f"FROM unnest({', '.join(f'%s::{column.array}[]' for column in columns)}) AS new({names})"
    )
    told = _told(table, values)
    asks = bool(told) and not ignore_conflicts
    if ignore_conflicts:
        sql += " ON CONFLICT DO NOTHING"
    if asks:
        sql += f" RETURNING {', '.join(table.returned[name] for name in told)}"
    arrays = [_sent(column, some) for column, some in zip(columns, values.values(), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(sql, arrays)
        return cursor.fetchall() if asks else []


def _told(table: _Table, values: Mapping[str, list[Any]]) -> list[str]:
    """What the database fills, where these values are given."""
    return [name for name in table.returned if name not in values]


def _sent(column: _Column, values: list[Any]) -> Any:
    return values if column.text is None else _array(column.text, values)


def _array(text: Callable[[Any], str], values: Sequence[Any]) -> str:
    """An array as PostgreSQL reads it of one text."""
    return f"{{{','.join(['NULL' if one is None else text(one) for one in values])}}}"


def _quoted(value: Any) -> str:
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _of_json(value: Any) -> str:
    return _quoted(json.dumps(value))


def _of_moment(value: Any) -> str:
    moment: str = value.isoformat()
    return moment


def _of_length(value: Any) -> str:
    return f'"{value.days} days {value.seconds}.{value.microseconds:06} seconds"'


_TEXTS: Mapping[str, Callable[[Any], str]] = {
    "bigint": str,
    "integer": str,
    "smallint": str,
    "boolean": str,
    "uuid": str,
    "text": _quoted,
    "timestamp with time zone": _of_moment,
    "interval": _of_length,
}


@lru_cache(maxsize=32)
def _table(model: type[Model]) -> _Table:
    quote = connection.ops.quote_name
    fields = model._meta.concrete_fields
    defaults = [one for one in fields if one.has_db_default()]
    numbered = [one for one in fields if one is model._meta.auto_field]
    said = [one for one in fields if one not in numbered]
    return _Table(
        quote(model._meta.db_table),
        {one.attname: _column(one, quote(str(one.column))) for one in said},
        frozenset(one.attname for one in defaults),
        {one.attname: quote(str(one.column)) for one in [*numbered, *defaults]},
        quote(str(model._meta.pk.column)),
    )


def _column(field: Field[Any, Any], name: str) -> _Column:
    if isinstance(field, JSONField):
        return _Column(name, "text", f"new.{name}::jsonb", _of_json)
    kind = field.db_type(connection)
    assert kind is not None
    text = _quoted if kind.startswith("varchar") else _TEXTS.get(kind)
    return _Column(name, kind, f"new.{name}", text)
