"""Finding requests by the words in them, without showing a word to whoever may not read it.

Each request has two sets of words: what its requester may see, and what its provider may (notes
and private answers as well). Words are folded here, in Python, both when kept and when asked, so
no language and no extension is involved. The newest requests come first.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import F, Q, QuerySet

from people.access import Standing, standing, whoever
from people.folding import words
from people.prepared import prepared
from requests_app import access
from requests_app.models import ServiceRequest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from people.models import User

MOST = 200
"""So many are found at most; a page says "200+" rather than count a million."""
MOST_WORDS = 8
WORDS_OF_A_TEXT = 5_000
"""A longer text is known by its beginning."""


def keep(service_request: ServiceRequest, text: str, *, public: bool) -> None:
    """Add the words of a text; one query. The request's row is locked or new."""
    found = sorted({*_limited(text)})
    if not found:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO requests_app_searchtext AS kept
                (service_request_id, requester_words, provider_words)
            VALUES (%(pk)s, array_to_tsvector(%(shown)s::text[]),
                    array_to_tsvector(%(all)s::text[]))
            ON CONFLICT (service_request_id) DO UPDATE SET
                requester_words = kept.requester_words || excluded.requester_words,
                provider_words = kept.provider_words || excluded.provider_words
            """,
            {"pk": service_request.pk, "shown": found if public else [], "all": found},
        )


def _limited(text: str) -> Iterable[str]:
    for count, word in enumerate(words(text)):
        if count == WORDS_OF_A_TEXT:
            return
        yield word


def texts_in(answers: Any) -> str:
    """All words of answers, however nested."""
    if isinstance(answers, dict):
        return " ".join(texts_in(value) for value in answers.values())
    if isinstance(answers, (list, tuple)):
        return " ".join(texts_in(value) for value in answers)
    return answers if isinstance(answers, str) else ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; what is empty does not narrow."""

    text: str = ""
    department_id: int | None = None
    """Provider or client."""
    statuses: frozenset[str] = frozenset()
    person_id: int | None = None
    """Requester or assignee."""
    since: datetime | None = None
    until: datetime | None = None


def query_of(text: str) -> str:
    """What PostgreSQL is asked: every word, the last as a beginning; empty for no words."""
    found = list(words(text[:500]))[:MOST_WORDS]
    if not found:
        return ""
    quoted = [f"'{word}'" for word in found]  # a word is letters and digits, nothing else
    return " & ".join([*quoted[:-1], f"{quoted[-1]}:*"])


def find(user: User, wanted: Wanted, *, most: int = MOST) -> list[int]:
    """Ids of the newest requests that hold every word where this person may read it.

    At most `most` and one more (so that a page can say that there are more). One query, two for
    whoever works in a department, beside those of their standing; both narrow sets are searched by
    their own words.
    """
    asked = query_of(wanted.text)
    if wanted.text.strip() and not asked:
        return []
    plain = replace(wanted, text="")
    found: set[int] = set()
    for one in _questions(standing(user), plain, most, by_words=bool(asked)):
        found.update(one.ids(asked))
    return sorted(found, reverse=True)[: most + 1]


@dataclass(frozen=True, slots=True)
class _Question:
    """One of the statements of a search, made ready but for what is asked."""

    sql: str
    params: tuple[Any, ...]

    def ids(self, asked: str) -> list[int]:
        """Ask."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [asked if one == ASKED else one for one in self.params])
            return [pk for (pk,) in cursor.fetchall()]


ASKED = "'what is asked':*"
"""Stands for the words where a statement is made ready."""


@lru_cache(maxsize=512)
def _questions(
    rights: Standing, wanted: Wanted, most: int, *, by_words: bool
) -> tuple[_Question, ...]:
    """What is asked of the database for a person of this standing.

    To make SQL of them takes Django longer than PostgreSQL to answer.
    """
    user, narrow = whoever(rights), _narrowed(wanted)
    as_requester = access.seen_as_requester(user).filter(narrow)
    ours = access.seen_as_provider(user).filter(narrow) if rights.is_agent else None
    if not by_words:
        return tuple(_newest(rows, most) for rows in (as_requester, ours) if rows is not None)
    first = (
        _holding(as_requester, "requester_words", most)
        if rights.is_manager
        else _of_a_few(as_requester, access.own_ids(user), most)
    )
    return (first,) if ours is None else (first, _holding(ours, "provider_words", most))


def rows(ids: Collection[int]) -> list[ServiceRequest]:
    """These requests as a list shows them, the newest first; three queries."""
    return _rows(ids) if ids else []


@prepared
def _rows(ids: Collection[int]) -> QuerySet[ServiceRequest]:
    return ServiceRequest.objects.for_list().filter(pk__among=ids).order_by("-pk")


def _narrowed(wanted: Wanted) -> Q:
    rule = Q()
    if wanted.department_id is not None:
        rule &= Q(provider_department=wanted.department_id) | Q(
            client_department=wanted.department_id
        )
    if wanted.statuses:
        rule &= Q(status__in=wanted.statuses)
    if wanted.person_id is not None:
        rule &= Q(requester=wanted.person_id) | Q(assignee=wanted.person_id)
    if wanted.since is not None:
        rule &= Q(submitted_at__gte=wanted.since)
    if wanted.until is not None:
        rule &= Q(submitted_at__lt=wanted.until)
    return rule


def _newest(requests: QuerySet[ServiceRequest], most: int) -> _Question:
    return _question(requests.order_by("-pk").values_list("pk")[: most + 1])


def _question(rows: QuerySet[Any, Any]) -> _Question:
    sql, params = rows.query.sql_with_params()
    return _Question(sql, tuple(params))


def _of_a_few(requests: QuerySet[ServiceRequest], ids: QuerySet[Any], most: int) -> _Question:
    """Those of a person's own requests that hold the words: read one by one, however many hold
    them elsewhere."""
    rows = _with_words(requests.filter(pk__in=ids), "requester_words")
    return _question(_in_any_order(rows).values_list("pk")[: most + 1])


RECENT = 2_000
"""So many of the newest requests are read one by one, to see how frequent the words are."""
FREQUENT = 10
"""So many hits among them, and reading on backward is quicker than asking the index of words."""


def _holding(requests: QuerySet[ServiceRequest], column: str, most: int) -> _Question:
    """Those of a great many that hold the words; one query.

    PostgreSQL cannot know how frequent a beginning of a word is, and takes the wrong one of two
    ways: back through the newest (seconds for a rare word) or by the index of words (seconds for
    one that nearly all hold). So the newest few say which.
    """
    edge = "(SELECT max(id) FROM requests_app_servicerequest) - %s"
    recent, older, any_older = (
        requests.extra(  # noqa: S610  # nosec B610
            where=[  # of both tables: one does not follow from the other for PostgreSQL
                f"requests_app_servicerequest.id{sign} {edge}",
                f"requests_app_searchtext.service_request_id{sign} {edge}",
            ],
            params=[RECENT, RECENT],
        )
        # Where words lead to the rows, an index of ids (nearly all of them) must not.
        for sign in (" >", " <=", " + 0 <=")
    )
    ways = (
        _with_words(recent, column, one_by_one=True).order_by("-pk"),
        _with_words(older, column, one_by_one=True).order_by("-pk"),
        _in_any_order(_with_words(any_older, column)),
    )
    parts: list[str] = []
    params: list[Any] = []
    for some in ways:
        made = _question(some.values_list("pk")[: most + 1])
        parts.append(made.sql)
        params += made.params
    statement = (
        f"WITH recent (id) AS MATERIALIZED ({parts[0]}),"  # noqa: S608  # Django's own
        " known AS MATERIALIZED (SELECT count(*) AS n FROM recent)"
        " SELECT id FROM recent"
        f" UNION ALL (SELECT id FROM ({parts[1]}) AS back (id)"
        f" WHERE (SELECT n BETWEEN {FREQUENT} AND {int(most)} FROM known))"
        f" UNION ALL (SELECT id FROM ({parts[2]}) AS by_words (id)"
        f" WHERE (SELECT n < {FREQUENT} FROM known))"
        f" ORDER BY id DESC LIMIT {int(most) + 1}"
    )
    return _Question(statement, tuple(params))


def _with_words(
    requests: QuerySet[ServiceRequest], column: str, *, one_by_one: bool = False
) -> QuerySet[ServiceRequest]:
    """Those whose words of this column hold what is asked; `one_by_one`, without their index."""
    holds = f"requests_app_searchtext.{column} @@ to_tsquery('simple', %s)"
    rows: QuerySet[ServiceRequest] = requests.extra(  # noqa: S610  # one of two names of ours  # nosec B610
        tables=["requests_app_searchtext"],
        where=[
            "requests_app_searchtext.service_request_id = requests_app_servicerequest.id",
            f"({holds}) IS TRUE" if one_by_one else holds,
        ],
        params=[ASKED],
    )
    return rows


def _in_any_order(rows: QuerySet[ServiceRequest]) -> QuerySet[ServiceRequest]:
    """The newest first, sorted at the end: no index leads there."""
    return rows.order_by((F("pk") + 0).desc())
