"""Finding requests by the words in them, without showing a word to whoever may not read it.

Each request has two sets of words: what its requester may see, and what its provider may (notes
and private answers as well). Words are folded here, in Python, both when kept and when asked, so
no language and no extension is involved. The newest requests come first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import F, Q, QuerySet

from people.access import standing
from people.folding import words
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
    narrow = _narrowed(wanted)
    asked = query_of(wanted.text)
    if wanted.text.strip() and not asked:
        return []
    rights = standing(user)
    as_requester = access.seen_as_requester(user).filter(narrow)
    if not asked:
        found = set(_newest(as_requester, most))
    elif rights.is_manager:
        found = set(_holding(as_requester, "requester_words", asked, most))
    else:
        found = set(_of_a_few(as_requester, access.own_ids(user), asked, most))
    if rights.is_agent:
        ours = access.seen_as_provider(user).filter(narrow)
        found |= set(
            _holding(ours, "provider_words", asked, most) if asked else _newest(ours, most)
        )
    return sorted(found, reverse=True)[: most + 1]


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


def _newest(requests: QuerySet[ServiceRequest], most: int) -> list[int]:
    return list(requests.order_by("-pk").values_list("pk", flat=True)[: most + 1])


def _of_a_few(
    requests: QuerySet[ServiceRequest], ids: QuerySet[Any], asked: str, most: int
) -> list[int]:
    """Those of a person's own requests that hold the words: read one by one, however many hold
    them elsewhere."""
    rows = _with_words(requests.filter(pk__in=ids), "requester_words", asked)
    return list(_in_any_order(rows)[: most + 1].values_list("pk", flat=True))


RECENT = 2_000
"""So many of the newest requests are read one by one, to see how frequent the words are."""
FREQUENT = 10
"""So many hits among them, and reading on backward is quicker than asking the index of words."""


def _holding(requests: QuerySet[ServiceRequest], column: str, asked: str, most: int) -> list[int]:
    """Those of a great many that hold the words; one query.

    PostgreSQL cannot know how frequent a beginning of a word is, and takes the wrong one of two
    ways: back through the newest (seconds for a rare word) or by the index of words (seconds for
    one that nearly all hold). So the newest few say which.
    """
    edge = "(SELECT max(id) FROM requests_app_servicerequest) - %s"
    recent, older = (
        requests.extra(  # noqa: S610  # nosec B610
            where=[  # of both tables: one does not follow from the other for PostgreSQL
                f"requests_app_servicerequest.id {sign} {edge}",
                f"requests_app_searchtext.service_request_id {sign} {edge}",
            ],
            params=[RECENT, RECENT],
        )
        for sign in (">", "<=")
    )
    ways = (
        _with_words(recent, column, asked, one_by_one=True).order_by("-pk"),
        _with_words(older, column, asked, one_by_one=True).order_by("-pk"),
        _in_any_order(_with_words(older, column, asked)),
    )
    parts: list[str] = []
    params: list[Any] = []
    for some in ways:
        sql, given = some.values_list("pk")[: most + 1].query.sql_with_params()
        parts.append(sql)
        params += given
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
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return [pk for (pk,) in cursor.fetchall()]


def _with_words(
    requests: QuerySet[ServiceRequest], column: str, asked: str, *, one_by_one: bool = False
) -> QuerySet[ServiceRequest]:
    """Those whose words of this column hold what is asked; `one_by_one`, without their index."""
    holds = f"requests_app_searchtext.{column} @@ to_tsquery('simple', %s)"
    rows: QuerySet[ServiceRequest] = requests.extra(  # noqa: S610  # one of two names of ours  # nosec B610
        tables=["requests_app_searchtext"],
        where=[
            "requests_app_searchtext.service_request_id = requests_app_servicerequest.id",
            f"({holds}) IS TRUE" if one_by_one else holds,
        ],
        params=[asked],
    )
    return rows


def _in_any_order(rows: QuerySet[ServiceRequest]) -> QuerySet[ServiceRequest]:
    """The newest first, sorted at the end: no index leads there."""
    return rows.order_by((F("pk") + 0).desc())
