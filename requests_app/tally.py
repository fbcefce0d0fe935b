"""Rows kept beside the facts, so that a figure costs what it shows and not all that ever happened.

A fact (a verdict, a step, an answer) adds to a department's figures at a moment. In the transaction
that makes the fact its *change* is written: one narrow row, with a minus where something is taken
back. Every minute changes are folded into *counts*: rows per day, per month and ever, of a whole
department and of each of its services, clients and priorities. A figure is counts plus changes,
read in one statement; so it is exact at any moment, with Celery or without, and what folding costs
does not depend on how much there is.

What a fact adds is said once, in SQL (`Tally.facts`). Changes, counts made anew, and the comparison
of both with the facts all come from it.
"""

# ruff: noqa: S608  # the statements are made of names of our own tables and columns

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from requests_app.models import Kept
from requests_app.reporting import reporting

if TYPE_CHECKING:
    from django.db.models import Model

    from requests_app.reporting import Reporting

EVER = date(1970, 1, 1)
"""What the rows that know no period are filed under."""
AT_ONCE = 20_000
"""Changes folded in one transaction."""


class Grain(StrEnum):
    """What one row is of."""

    DAY = "day"
    MONTH = "month"
    EVER = "ever"
    """All there ever was: what is open now."""
    ASKED = "asked"
    """The day on which it was asked for: how old it is."""


class Cut(StrEnum):
    """What a department's figure is broken down by; in brackets, what a row's value is."""

    WHOLE = "whole"
    """Nothing (0)."""
    SERVICE = "service"
    """Its services (the id)."""
    CLIENT = "client"
    """The departments that asked (the id)."""
    PRIORITY = "priority"
    """P1 to P4 (1 to 4)."""
    ASKED = "asked"
    """The hour of the week in which it was asked (`slot`)."""


def slot(weekday: int, hour: int) -> int:
    """The value of an hour of the week; Monday is 0, in the reporting zone."""
    return weekday * 24 + hour


def weekday_hour(value: int) -> tuple[int, int]:
    """The weekday and hour of a value of `Cut.ASKED`."""
    return divmod(value, 24)


_LOCAL = "(c.{column} AT TIME ZONE %(zone)s)"
_AT, _ASKED = _LOCAL.format(column="at"), _LOCAL.format(column="asked_at")
_START = {
    Grain.DAY: f"{_AT}::date",
    Grain.MONTH: f"date_trunc('month', {_AT})::date",
    Grain.EVER: f"DATE '{EVER.isoformat()}'",
    Grain.ASKED: f"{_ASKED}::date",
}
_VALUE = {
    Cut.WHOLE: "0",
    Cut.SERVICE: "c.service_id",
    Cut.CLIENT: "c.client_id",
    Cut.PRIORITY: "c.priority",
    Cut.ASKED: f"(extract(isodow FROM {_ASKED}) - 1) * 24 + extract(hour FROM {_ASKED})",
}
_SOURCE = ("at", "asked_at", "provider_id", "client_id", "service_id", "priority")


@dataclass(frozen=True, slots=True)
class Fault:
    """A row of counts that the facts do not bear out."""

    tally: str
    grain: str
    cut: str
    start: date
    department_id: int
    value: int
    key: tuple[str, ...]
    missing: dict[str, Any]
    """By measure, what would have to be added."""

    def __str__(self) -> str:
        where = " ".join(map(str, [self.grain, self.start, self.cut, self.value, *self.key]))
        wrong = ", ".join(f"{name} is off by {-amount}" for name, amount in self.missing.items())
        return f"{self.tally}: department {self.department_id}, {where}: {wrong}"


@dataclass(frozen=True, slots=True)
class Tally:
    """Some facts, their changes, and the counts that are kept of them."""

    name: str
    changes: type[Model]
    counts: type[Model]
    facts: str
    """SQL: the columns of a change, for the facts that `{only}` chooses."""
    only: str
    """SQL: the condition of facts with some ids, `%(ids)s`."""
    measures: tuple[str, ...]
    kept: tuple[tuple[Grain, Cut], ...]
    keys: tuple[str, ...] = ()

    # Writing

    def add(self, ids: Collection[int]) -> None:
        """What these facts say now counts; in the transaction that wrote them."""
        self._change(ids, "")

    def take_back(self, ids: Collection[int]) -> None:
        """What these facts say counts no longer; before they are changed or deleted."""
        self._change(ids, "-")

    def _change(self, ids: Collection[int], sign: str) -> None:
        if not ids:
            return
        into = ", ".join([*_SOURCE, *self.keys, *self.measures])
        given = ", ".join([*_SOURCE, *self.keys, *(f"{sign}{one}" for one in self.measures)])
        facts = self.facts.format(only=self.only)
        _run(
            f"INSERT INTO {_table(self.changes)} ({into}) SELECT {given} FROM ({facts}) AS c",
            {"ids": list(ids)},
        )

    def fold(self, reporting: Reporting, *, most: int = AT_ONCE) -> int:
        """Move up to `most` changes whose moment has come into the counts; how many it were."""
        changes = _table(self.changes)
        taken = (
            f"DELETE FROM {changes} WHERE id = ANY(ARRAY(SELECT id FROM {changes}"
            " WHERE at <= %(now)s ORDER BY id LIMIT %(most)s FOR UPDATE SKIP LOCKED)) RETURNING *"
        )
        rows = _run(
            f"WITH c AS ({taken}), kept AS ({self._add_to_counts(self._spread('c'))} RETURNING 1)"
            " SELECT (SELECT count(*) FROM c), (SELECT count(*) FROM kept)",
            self._given(reporting) | {"most": most},
        )
        folded: int = rows[0][0]
        return folded

    # Comparing

    @transaction.atomic
    def faults(self, reporting: Reporting) -> list[Fault]:
        """Where counts, together with the changes not yet folded, differ from the facts.

        What only begins to count later must stand in the changes.
        """
        _work_in_memory()
        given, order = self._given(reporting), f"ORDER BY {self._columns()}"
        rows = _run(f"{self._differences()} {order}", given)
        return [self._fault(*row) for row in rows + _run(f"{self._ahead()} {order}", given)]

    def _fault(
        self, grain: str, cut: str, start: date, department_id: int, value: int, *rest: Any
    ) -> Fault:
        n = len(self.keys)
        missing = dict(zip(self.measures, rest[n:], strict=True))
        return Fault(
            self.name,
            grain,
            cut,
            start,
            department_id,
            value,
            rest[:n],
            {name: amount for name, amount in missing.items() if amount},
        )

    def mend(self, reporting: Reporting) -> int:
        """Add to the counts whatever the facts say and they do not; how many rows.

        One statement, from which work that goes on meanwhile takes nothing away; the first time it
        makes all of them. Work waits only where changes that lie ahead must be written anew.
        """
        with transaction.atomic():
            _work_in_memory()
            self._mend_ahead(reporting)
            return self._mend_counts(reporting)

    def _mend_counts(self, reporting: Reporting) -> int:
        sql = f"WITH kept AS ({self._add_to_counts(self._differences())} RETURNING 1)"
        rows = _run(f"{sql} SELECT count(*) FROM kept", self._given(reporting))
        mended: int = rows[0][0]
        return mended

    def _mend_ahead(self, reporting: Reporting) -> None:
        given = self._given(reporting)
        if not _run(f"SELECT 1 WHERE EXISTS ({self._ahead()})", given):
            return
        changes, facts = _table(self.changes), self.facts.format(only="TRUE")
        every = ", ".join([*_SOURCE, *self.keys, *self.measures])
        _run(f"LOCK TABLE {changes} IN SHARE ROW EXCLUSIVE MODE", {})
        _run(f"DELETE FROM {changes} WHERE at > %(now)s", given)
        _run(
            f"INSERT INTO {changes} ({every})"
            f" SELECT {every} FROM ({facts}) AS c WHERE c.at > %(now)s",
            given,
        )

    def _ahead(self) -> str:
        """Where the changes that lie ahead differ from the facts that do, as rows of counts."""
        columns, off = self._columns(), self._off()
        facts, changes = self.facts.format(only="TRUE"), _table(self.changes)
        ahead = "(SELECT * FROM {} AS a WHERE a.at > %(now)s)"
        sums = ", ".join(f"sum({one}) AS {one}" for one in self.measures)
        minus = ", ".join(f"-{one} AS {one}" for one in self.measures)
        return (
            f"SELECT {columns}, {sums} FROM ("
            f" {self._spread(ahead.format(f'({facts})'))}"
            f" UNION ALL SELECT {columns}, {minus}"
            f" FROM ({self._spread(ahead.format(changes))}) AS p"
            f") AS d GROUP BY {columns} HAVING {off}"
        )

    def _differences(self) -> str:
        counts = _table(self.counts)
        facts = f"(SELECT * FROM ({self.facts.format(only='TRUE')}) AS f WHERE f.at <= %(now)s)"
        changes = f"(SELECT * FROM {_table(self.changes)} AS f WHERE f.at <= %(now)s)"
        minus = ", ".join(f"-{one} AS {one}" for one in self.measures)
        columns = self._columns()
        sums = ", ".join(f"sum({one}) AS {one}" for one in self.measures)
        return (
            f"SELECT {columns}, {sums} FROM ("
            f" {self._spread(facts)}"
            f" UNION ALL SELECT {columns}, {minus} FROM ({self._spread(changes)}) AS p"
            f" UNION ALL SELECT {columns}, {minus} FROM {counts}"
            f") AS d GROUP BY {columns} HAVING {self._off()}"
        )

    # Reading

    def read(
        self,
        departments: Collection[int] | None,
        reporting: Reporting,
        *,
        grain: Grain,
        cut: Cut = Cut.WHOLE,
        since: date = date.min,
        until: date = date.max,
        keys: Mapping[str, Collection[str]] | None = None,
        live: str = "",
        only_where: str = "TRUE",
        measures: Sequence[str] | None = None,
        earlier_as: date | None = None,
        value: int | None = None,
    ) -> Sums:
        """What was counted in the periods from `since` to `until`, both included; one query.

        `live` is SQL with the columns of a change: facts that nobody has written down yet;
        `only_where` narrows the counts that are read to those of a partial index; `measures` are
        those wanted, where not all are, and `value` the one of the cut that is. Periods before
        `earlier_as` are put together with it.
        """
        wanted = self.measures if measures is None else tuple(measures)
        asked = ["c.start BETWEEN %(since)s AND %(until)s"]
        given = self._given(reporting) | {"since": since, "until": until}
        if departments is not None:
            asked.append("c.provider_id = ANY(%(departments)s)")
            given["departments"] = list(departments)
        if value is not None:
            asked.append("c.value = %(value)s")
            given["value"] = value
        for name, chosen in (keys or {}).items():
            asked.append(f"c.{name} = ANY(%({name}s)s)")
            given[f"{name}s"] = [str(one) for one in chosen]
        rest = ", ".join(f"c.{one}" for one in [*self.keys, *wanted])
        row = f"c.provider_id, {{value}} AS value, {rest}"
        pending = f"SELECT {_START[grain]} AS start, {row.format(value=_VALUE[cut])} FROM"
        sources = [
            (
                f"SELECT c.start, {row.format(value='c.value')} FROM {_table(self.counts)} AS c"
                f" WHERE c.grain = '{grain}' AND c.cut = '{cut}'"
                f" AND {' AND '.join([*asked, only_where])}"
            ),
            f"{pending} {_table(self.changes)} AS c WHERE c.at <= %(now)s",
        ]
        if live:
            sources.append(f"{pending} ({live}) AS c")
        group = ", ".join(["c.start", "c.provider_id", "c.value", *(f"c.{k}" for k in self.keys)])
        sums = ", ".join(f"sum(c.{one})" for one in wanted)
        if earlier_as is not None:
            group = group.replace("c.start", "greatest(c.start, %(earlier_as)s)")
            given["earlier_as"] = earlier_as
        rows = _run(
            f"SELECT {group}, {sums} FROM ({' UNION ALL '.join(sources)}) AS c"
            f" WHERE c.value IS NOT NULL AND {' AND '.join(asked)} GROUP BY {group}",
            given,
        )
        return Sums(self.keys, wanted, rows)

    # What the statements are made of

    def _columns(self) -> str:
        return ", ".join(["grain", "cut", "start", "provider_id", "value", *self.keys])

    def _spread(self, source: str) -> str:
        """Each change of the source as the rows that it counts in, summed."""
        grains = list(dict.fromkeys(grain for grain, _cut in self.kept))
        cuts = list(dict.fromkeys(cut for _grain, cut in self.kept))
        keys = "".join(f", {one}" for one in self.keys)
        starts = [f"{_START[one]} AS of_{one}" for one in grains]
        values = [f"({_VALUE[one]})::bigint AS by_{one}" for one in cuts]
        columns = ", ".join([*starts, *values, *(f"c.{one}" for one in self.measures)])
        sets = ", ".join(f"(provider_id{keys}, of_{grain}, by_{cut})" for grain, cut in self.kept)
        grain = " ".join(f"WHEN grouping(of_{one}) = 0 THEN '{one}'" for one in grains)
        cut = " ".join(f"WHEN grouping(by_{one}) = 0 THEN '{one}'" for one in cuts)
        start = ", ".join(f"of_{one}" for one in grains)
        value = " ".join(f"WHEN grouping(by_{one}) = 0 THEN by_{one}" for one in cuts)
        sums = ", ".join(f"sum({one}) AS {one}" for one in self.measures)
        return (
            f"SELECT * FROM (SELECT CASE {grain} END AS grain, CASE {cut} END AS cut,"
            f" coalesce({start}) AS start, provider_id, CASE {value} END AS value{keys}, {sums}"
            f" FROM (SELECT c.provider_id{keys}, {columns} FROM {source} AS c OFFSET 0) AS c"
            f" GROUP BY GROUPING SETS ({sets})) AS spread WHERE value IS NOT NULL"
        )

    def _add_to_counts(self, rows: str) -> str:
        columns, counts = self._columns(), _table(self.counts)
        every = ", ".join([columns, *self.measures])
        added = ", ".join(f"{one} = {counts}.{one} + excluded.{one}" for one in self.measures)
        return (
            f"INSERT INTO {counts} ({every}) SELECT {every} FROM ({rows}) AS r ORDER BY {columns}"
            f" ON CONFLICT ({columns}) DO UPDATE SET {added}"
        )

    def _off(self) -> str:
        durations = {
            one.name
            for one in self.counts._meta.concrete_fields
            if one.get_internal_type() == "DurationField"
        }
        nothing = {one: "INTERVAL '0'" if one in durations else "0" for one in self.measures}
        return " OR ".join(f"sum({one}) <> {nothing[one]}" for one in self.measures)

    def _given(self, reporting: Reporting) -> dict[str, Any]:
        return {"zone": reporting.zone.key, "now": reporting.now.astimezone(UTC)}


_NOTHING: Mapping[str, Any] = {}


@dataclass(slots=True)
class Sums:
    """Rows of counts as they were read, summed over whatever one does not ask for."""

    keys: tuple[str, ...]
    measures: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]
    """(period, department, value, *keys, *measures)"""
    _by: dict[tuple[bool, ...], dict[tuple[Any, ...], dict[str, Any]]] = field(default_factory=dict)

    def of(self, *where: Any) -> Mapping[str, Any]:
        """By measure, the sum of the rows with this period, department, value and keys.

        None stands for all of them. Empty where there is no row.
        """
        mask = tuple([one is not None for one in where])
        if mask not in self._by:
            self._by[mask] = self._grouped(mask)
        return self._by[mask].get(tuple([one for one in where if one is not None]), _NOTHING)

    def _grouped(self, mask: tuple[bool, ...]) -> dict[tuple[Any, ...], dict[str, Any]]:
        grouped: dict[tuple[Any, ...], list[Any]] = {}
        n = 3 + len(self.keys)
        for row in self.rows:
            key = tuple(row[i] for i in range(n) if mask[i])
            have = grouped.get(key)
            if have is None:
                grouped[key] = list(row[n:])
            else:
                for i, amount in enumerate(row[n:]):
                    have[i] += amount
        return {key: dict(zip(self.measures, sums, strict=True)) for key, sums in grouped.items()}

    def occurring(self, column: int) -> list[Any]:
        """The different periods (0), departments (1) or values (2), sorted."""
        return sorted({row[column] for row in self.rows})


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure over counts: of which periods, departments and values of the cut it knows any."""

    sums: Sums

    @property
    def periods(self) -> list[date]:
        """Days, or firsts of months, of which there is anything."""
        return self.sums.occurring(0)

    @property
    def departments(self) -> list[int]:
        """Departments of which there is anything."""
        return self.sums.occurring(1)

    @property
    def values(self) -> list[int]:
        """Values of the cut of which there is anything."""
        return self.sums.occurring(2)


def pages(table: type[Model], size: int = 20_000) -> Iterator[tuple[int, int]]:
    """All ids of a table as ranges [from, to), each of some `size` ids."""
    first, last = _run(f"SELECT min(id), max(id) FROM {_table(table)}", {})[0]
    if first is not None:
        yield from pairwise([*range(first, last + 1, size), last + 1])


def keep_up(tally: Tally, now: datetime, *, first: Callable[[], object] | None = None) -> int:
    """Fold what is to be folded by `now`; how many changes. Any number of times, late or at once.

    Where the counts were never made, or in another zone than that of today, they are made first;
    before the first time of all, `first` is called.
    """
    when = reporting(now)
    _make_if_need_be(tally, when, first)
    done = 0
    while folded := tally.fold(when):
        done += folded
        if folded < AT_ONCE:
            break
    Kept.objects.filter(pk=tally.name).update(at=now)
    return done


@transaction.atomic
def _make_if_need_be(tally: Tally, when: Reporting, first: Callable[[], object] | None) -> None:
    zone = when.zone.key
    kept = Kept.objects.select_for_update().filter(pk=tally.name).first()
    if kept is not None and kept.zone == zone:
        return
    if kept is None:
        kept, is_new = Kept.objects.select_for_update().get_or_create(
            pk=tally.name, defaults={"zone": zone, "at": when.now}
        )
        if not is_new:
            return
        if first is not None:
            first()
    tally.mend(when)
    Kept.objects.filter(pk=tally.name).update(zone=zone)


def _work_in_memory() -> None:
    """Until the transaction ends: what is summed here is all there ever was.

    With so much memory PostgreSQL would remember what each fact of millions comes to, in a table
    that it makes anew for each of them.
    """
    _run(
        "SELECT set_config('work_mem', '128MB', TRUE), set_config('enable_memoize', 'off', TRUE)",
        {},
    )


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _run(sql: str, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Names in these statements are our own tables and columns; every value is a parameter."""
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall() if cursor.description else []
