"""From a few hundred played requests to a million: every row of theirs copied with SQL.

A copy has ids, a reference, people and words of its own and lies whole weeks and up to two minutes
earlier or later; everything that was derived for the pattern is moved with it, so that it is just
what the deeds of the copy would have led to. Indexes and foreign keys are built when all is there.
"""

# Names of our own tables and columns are put into statements all over this file.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, Model

from benchmarks.world import FIRST, WORDS, Pattern
from feedback.models import Invitation, Rating, RatingReason
from notices.models import Notice
from people.models import User
from requests_app.models import (
    Event,
    Message,
    Participant,
    PastProvider,
    SearchText,
    ServiceRequest,
)
from slas.models import Clock, Course, Terms

NEEDLE = "kestrel"
NEEDLES = 500
"""So many requests hold this word; each department serves a tenth of them."""

COPIED: tuple[type[Model], ...] = (
    ServiceRequest, Event, Message, Participant, PastProvider, SearchText, Clock, Course, Terms,
    Invitation, Rating, RatingReason, Notice,
)  # fmt: skip
NUMBERED: Mapping[type[Model], str] = {
    Event: "service_request_id",
    Message: "service_request_id",
    Clock: "service_request_id",
    Invitation: "service_request_id",
    Rating: "(SELECT i.service_request_id FROM feedback_invitation i WHERE i.id = r.invitation_id)",
}
"""Rows to which others point; a copy's ids lie in one block, in the order of the pattern's."""

SYLLABLES = [one + vowel for one in "bdfgklmnpr" for vowel in "aeiou"]


def multiply(patterns: Sequence[Pattern], size: int) -> int:
    """Copy the patterns until there are so many requests; the number of rows written."""
    there = ServiceRequest.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
        cursor.execute("SET maintenance_work_mem TO '512MB'")
        cursor.execute("SET work_mem TO '128MB'")
        cursor.execute("SELECT setseed(0.5)")
        _lay_out(cursor, patterns, size - there)
        with _bare(cursor, [one._meta.db_table for one in COPIED]):
            rows = sum(_copy(cursor, model) for model in COPIED)
        _set_sequences(cursor)
        cursor.execute("VACUUM (ANALYZE)")
        for table in ("copy", "pattern", *(f"rank_{m._meta.db_table}" for m in NUMBERED)):
            cursor.execute(f"DROP TABLE {table}")
    return rows


def copies_due_at_once(pattern: Pattern, count: int, seconds: int) -> None:
    """So many copies of one pattern, all moved by just so many seconds."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
        _lay_out(cursor, [pattern], count, seconds=seconds)
        for model in COPIED:
            _copy(cursor, model)
        _set_sequences(cursor)
        for model in COPIED:
            cursor.execute(f"ANALYZE {model._meta.db_table}")
        for table in ("copy", "pattern", *(f"rank_{m._meta.db_table}" for m in NUMBERED)):
            cursor.execute(f"DROP TABLE {table}")


# -- Laying out ----------------------------------------------------------------------------------


def _lay_out(
    cursor: Any, patterns: Sequence[Pattern], count: int, *, seconds: int | None = None
) -> None:
    """One row for each copy: ids from where, when, whose, which words."""
    whole = sum(one.weight for one in patterns)
    cursor.execute(
        "CREATE TEMP TABLE pattern "
        "(id bigint, requester bigint, agent bigint, copies int, weeks int)"
    )
    laid = 0
    for place, one in enumerate(patterns):
        wanted = round(count * sum(p.weight for p in patterns[: place + 1]) / whole) - laid
        laid += wanted
        cursor.execute(
            "INSERT INTO pattern VALUES (%s, %s, %s, %s, %s)",
            [one.request_id, one.requester_id, one.agent_id, wanted, one.weeks],
        )
    for model, whose in NUMBERED.items():
        table = model._meta.db_table
        cursor.execute(
            f"CREATE TEMP TABLE rank_{table} AS SELECT r.id, p.id AS pattern, "
            f"row_number() OVER (PARTITION BY p.id ORDER BY r.id) AS place "
            f"FROM {table} r JOIN pattern p ON p.id = {whose}"
        )
        cursor.execute(f"CREATE UNIQUE INDEX ON rank_{table} (id)")
    bases = ", ".join(
        f"(SELECT coalesce(max(id), 0) FROM {model._meta.db_table}) + coalesce(sum(c.{_n(model)}) "
        f"OVER (ORDER BY c.at, c.pattern, c.g ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)"
        f" AS {_n(model)}_base"
        for model in NUMBERED
    )
    counts = ", ".join(
        f"(SELECT count(*) FROM rank_{model._meta.db_table} k WHERE k.pattern = p.id) "
        f"AS {_n(model)}"
        for model in NUMBERED
    )
    word = "||".join(
        f"(%(syllables)s::text[])[1 + (s.number / {50**power}) %% 50]" for power in range(3)
    )
    shift = (
        f"make_interval(secs => {int(seconds)})"
        if seconds is not None
        else "make_interval(days => -7 * floor(random() * p.weeks)::int, secs => random() * 120)"
    )
    cursor.execute(
        f"""
        CREATE TEMP TABLE copy AS
        WITH people AS (
            SELECT u.department_id, array_agg(u.id ORDER BY u.id) AS ids FROM people_user u
            WHERE NOT EXISTS (SELECT 1 FROM people_membership m WHERE m.user_id = u.id)
              AND NOT EXISTS (SELECT 1 FROM people_management g WHERE g.user_id = u.id)
            GROUP BY 1
        ), teams AS (
            SELECT team_id, array_agg(user_id ORDER BY user_id) AS ids
            FROM people_membership WHERE NOT is_lead GROUP BY 1
        ), counted AS MATERIALIZED (
            SELECT p.*, r.submitted_at, r.client_department_id, a.team_id, {counts}
            FROM pattern p JOIN requests_app_servicerequest r ON r.id = p.id
            LEFT JOIN people_membership a ON a.user_id = p.agent
        ), moved AS MATERIALIZED (
            SELECT c.*, c.id AS pattern, g, s.shift, c.submitted_at + s.shift AS at
            FROM counted c, generate_series(1, c.copies) g,
                LATERAL (SELECT c.weeks + g AS once, {shift.replace("p.weeks", "c.weeks + 0 * g")}
                         AS shift) s
        )
        SELECT c.pattern, c.shift, c.requester AS old_requester, c.agent AS old_agent,
            (people.ids)[1 + floor(random() * array_length(people.ids, 1))::int] AS requester,
            (teams.ids)[1 + floor(random() * array_length(teams.ids, 1))::int] AS agent,
            (SELECT max(id) FROM requests_app_servicerequest)
                + row_number() OVER (ORDER BY c.at, c.pattern, c.g) AS id,
            (SELECT last_value FROM request_reference)
                + row_number() OVER (ORDER BY c.at, c.pattern, c.g) AS number,
            {bases},
            (SELECT array_agg({word}) FROM (
                SELECT floor(125000 * random() ^ 2)::int AS number FROM generate_series(1, 10)
                WHERE c.g > 0
            ) s) AS words
        FROM moved c
        JOIN people ON people.department_id = c.client_department_id
        JOIN teams ON teams.team_id = c.team_id
        """,
        {"syllables": SYLLABLES},
    )
    if seconds is None:
        cursor.execute(
            "UPDATE copy SET words = words || %s::text "
            "WHERE mod(id, greatest(1, (SELECT count(*) FROM copy) / %s)) = 0",
            [NEEDLE, NEEDLES],
        )
    cursor.execute("CREATE UNIQUE INDEX ON copy (id)")
    cursor.execute("ANALYZE copy")


def _n(model: type[Model]) -> str:
    return model.__name__.lower()


# -- Copying -------------------------------------------------------------------------------------


def _person(column: str) -> str:
    """Whoever stands there, exchanged as the copy exchanges requester and agent."""
    return (
        f"CASE {column} WHEN c.old_requester THEN c.requester WHEN c.requester THEN c.old_requester"
        f" WHEN c.old_agent THEN c.agent WHEN c.agent THEN c.old_agent ELSE {column} END"
    )


def _text(column: str) -> str:
    return (
        f"replace(replace({column}, '{WORDS}', array_to_string(c.words, ' ')), "
        f"'{FIRST}', (c.words)[1] || ' ' || (c.words)[2])"
    )


def _number(model: type[Model], column: str) -> str:
    """The id of the copy of that row; `_places` has found where it stands among the pattern's."""
    return f"c.{_n(model)}_base + r.{column}_place"


POINTS: Mapping[type[Model], Mapping[str, type[Model]]] = {
    Event: {
        "id": Event, "message_id": Message, "clock_id": Clock, "invitation_id": Invitation,
        "rating_id": Rating,
    },
    Message: {"id": Message},
    Clock: {"id": Clock},
    Course: {"last_event_id": Event},
    Terms: {"event_id": Event},
    Invitation: {"id": Invitation, "resolution_id": Event},
    Rating: {"id": Rating, "invitation_id": Invitation},
    RatingReason: {"rating_id": Rating},
    Notice: {"event_id": Event},
}  # fmt: skip
"""Columns (of an event: parts of its payload) with ids of rows that are copied, too."""
PEOPLE = ("assignee_id", "before_id", "approver_id", "user_id")
"""Parts of a payload that name a person."""


def _places(model: type[Model]) -> str:
    """Where each row that is pointed to stands among those of its pattern."""
    found = []
    for name, whose in POINTS.get(model, {}).items():
        in_payload = model is Event and name != "id"
        column = f"(r.payload->>'{name}')::bigint" if in_payload else f"r.{name}"
        table = f"rank_{whose._meta.db_table}"
        found.append(f", (SELECT k.place FROM {table} k WHERE k.id = {column}) AS {name}_place")
    if model is Event:
        found.append(f", r.payload ?| ARRAY{list(PEOPLE)} AS names_people")
    return "".join(found)


def _payload() -> str:
    """An event's payload with the ids of the copy."""
    points = [name for name in POINTS[Event] if name != "id"]
    ids = ", ".join(f"'{name}', {_number(POINTS[Event][name], name)}" for name in points)
    pointed = " OR ".join(f"r.{name}_place IS NOT NULL" for name in points)
    people = ", ".join(
        f"'{name}', " + _person(f"(r.payload->>'{name}')::bigint") for name in PEOPLE
    )
    return (
        f"r.payload || CASE WHEN {pointed} THEN jsonb_strip_nulls(jsonb_build_object({ids})) "
        "ELSE '{}' END || CASE WHEN r.names_people THEN "
        f"jsonb_strip_nulls(jsonb_build_object({people})) ELSE '{{}}' END"
    )


def _own(model: type[Model]) -> dict[str, str]:
    """The columns of a copy that are more than moved."""
    event = {"event_id": _number(Event, "event_id")}
    new = _number(model, "id")
    named: dict[type[Model], dict[str, str]] = {
        ServiceRequest: {
            "id": "c.id",
            "reference": "split_part(r.reference, '-', 1) || '-' || c.number",
            "key": "gen_random_uuid()",
            "subject": _text("r.subject"),
            "answers": _text("r.answers::text") + "::jsonb",
            "queue_at": "CASE WHEN r.queue_at > '9000-01-01' THEN r.queue_at "
            "ELSE r.queue_at + c.shift END",
            "look_again_on": "(r.look_again_on + c.shift)::date",
        },
        Event: {"id": new, "payload": _payload()},
        Message: {"id": new, "text": _text("r.text")},
        SearchText: {
            name: f"ts_delete(r.{name}, ARRAY['{WORDS}', '{FIRST}', "
            "r.number]) || array_to_tsvector(c.words || c.number::text)"
            for name in ("requester_words", "provider_words")
        },
        Clock: {"id": new},
        Course: {"last_event_id": _number(Event, "last_event_id")},
        Terms: event,
        Invitation: {"id": new, "resolution_id": _number(Event, "resolution_id")},
        Rating: {"id": new, "invitation_id": _number(Invitation, "invitation_id")},
        RatingReason: {"rating_id": _number(Rating, "rating_id")},
        Notice: event,
    }
    return named.get(model, {})


def _copy(cursor: Any, model: type[Model]) -> int:
    """All rows of the patterns in one table, for every copy; how many."""
    own, columns, values = _own(model), [], []
    for field in model._meta.concrete_fields:
        column = str(field.column)
        if field.primary_key and column == "id" and "id" not in own:
            continue
        columns.append(f'"{column}"')
        if column in own:
            values.append(own[column])
        elif column == "service_request_id":
            values.append("c.id")
        elif field.remote_field and field.remote_field.model is User:
            values.append(_person(f"r.{column}"))
        elif isinstance(field, DateTimeField):
            values.append(f"r.{column} + c.shift")
        else:
            values.append(f'r."{column}"')
    table = model._meta.db_table
    whose, more = "r.service_request_id", ""
    if model is ServiceRequest:
        whose = "r.id"
    elif model in (Rating, RatingReason):
        ranked = "r.id" if model is Rating else "r.rating_id"
        whose = f"(SELECT k.pattern FROM rank_feedback_rating k WHERE k.id = {ranked})"
    elif model is SearchText:
        more = (
            ", (SELECT split_part(q.reference, '-', 2) FROM requests_app_servicerequest q "
            "WHERE q.id = r.service_request_id) AS number"
        )
    # A few thousand rows with all that is known of them, then once through the copies in the order
    # of their ids: nothing is sorted, and every index of ids grows at its end.
    cursor.execute("DROP TABLE IF EXISTS source")
    cursor.execute(
        f"CREATE TEMP TABLE source AS SELECT r.*, p.id AS of_pattern{_places(model)}{more} "
        f"FROM {table} r JOIN pattern p ON p.id = {whose}"
    )
    cursor.execute("CREATE INDEX ON source (of_pattern)")
    cursor.execute("ANALYZE source")
    for name in ("hashjoin", "mergejoin", "sort", "seqscan", "bitmapscan"):
        cursor.execute(f"SET enable_{name} TO off")
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} "
        "FROM copy c JOIN source r ON r.of_pattern = c.pattern ORDER BY c.id"
    )
    rows = int(cursor.rowcount)
    for name in ("hashjoin", "mergejoin", "sort", "seqscan", "bitmapscan"):
        cursor.execute(f"RESET enable_{name}")
    return rows


def _set_sequences(cursor: Any) -> None:
    for model in COPIED:
        table = model._meta.db_table
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, model._meta.pk.column])
        (sequence,) = cursor.fetchone()
        if sequence:
            cursor.execute(f"SELECT setval('{sequence}', (SELECT max(id) FROM {table}))")
    cursor.execute("SELECT setval('request_reference', (SELECT max(number) FROM copy))")


@contextmanager
def _bare(cursor: Any, tables: Sequence[str]) -> Iterator[None]:
    """The tables without their indexes and foreign keys; both are made anew at the end."""
    again: list[str] = []
    cursor.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE conrelid::regclass::text = ANY(%s) AND contype IN ('f', 'u') ORDER BY contype",
        [list(tables)],
    )
    for table, name, how in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        again.append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {how}')
    cursor.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i "
        "WHERE i.indrelid::regclass::text = ANY(%s) AND NOT i.indisprimary AND NOT EXISTS "
        "(SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
        [list(tables)],
    )
    for name, how in cursor.fetchall():
        cursor.execute(f"DROP INDEX {name}")
        again.append(how)
    yield
    for one in reversed(again):
        cursor.execute(one)
