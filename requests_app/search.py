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
from django.db.models import Q, QuerySet

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

    At most `most` and one more (so that a page can say that there are more). Two queries, three
    for whoever works in a department; both narrow sets are searched by their own words.
    """
    narrow = _narrowed(wanted)
    asked = query_of(wanted.text)
    if wanted.text.strip() and not asked:
        return []
    found = set(
        _newest(access.seen_as_requester(user).filter(narrow), "requester_words", asked, most)
    )
    if standing(user).is_agent:
        found |= set(
            _newest(access.seen_as_provider(user).filter(narrow), "provider_words", asked, most)
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


def _newest(requests: QuerySet[ServiceRequest], column: str, asked: str, most: int) -> list[int]:
    rows: QuerySet[ServiceRequest] = requests.order_by("-pk")
    if asked:
        rows = rows.extra(  # noqa: S610  # the column is one of two names of ours  # nosec B610
            tables=["requests_app_searchtext"],
            where=[
                "requests_app_searchtext.service_request_id = requests_app_servicerequest.id",
                f"requests_app_searchtext.{column} @@ to_tsquery('simple', %s)",
            ],
            params=[asked],
        )
    return list(rows.values_list("pk", flat=True)[: most + 1])
