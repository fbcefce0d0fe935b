"""Finding services and colleagues by what someone typed, without regard to accents."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import CharField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat, Lower, Upper

from catalogue.models import Service
from people.folding import fold
from people.models import User
from people.prepared import prepared

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable
    from django.db.models.sql.compiler import SQLCompiler

    from catalogue.models import ServiceQuerySet

LONGEST_QUERY = 100
COLLEAGUES_FOUND = 10
SERVICES_FOUND = 5
FEWEST_LETTERS = 2


class Folded(Func):
    """The text in small letters without accents, as `people.folding.fold` makes it, in SQL.

    Taken apart before it is lowered, so that it does not hang on the database's locale. Of a text
    without accents that is the text in small letters, and a tenth of the work.
    """

    template = (
        "CASE WHEN octet_length(%(expressions)s) = char_length(%(expressions)s)"
        " THEN LOWER(%(expressions)s)"
        " ELSE replace(replace(replace(replace(replace(replace(LOWER(translate(regexp_replace("
        "normalize(%(expressions)s, NFKD), '[\\u0300-\\u036f]', '', 'g'), "
        "'łøđðħıŁØĐÐĦ', 'loddhiloddh')), "
        "'ß', 'ss'), 'ẞ', 'ss'), 'æ', 'ae'), 'Æ', 'ae'), 'œ', 'oe'), 'Œ', 'oe') END"
    )
    output_field = TextField()

    def as_sql(self, compiler: SQLCompiler, *args: Any, **given: Any) -> Any:
        """With the parameters of the text as often as it stands there."""
        sql, params = super().as_sql(compiler, *args, **given)
        return sql, [*params] * 4


def words_of(text: str) -> list[str]:
    """The words of a search, folded; at most eight, of the first hundred characters."""
    return fold(text.replace("\x00", "")[:LONGEST_QUERY]).split()[:8]


def _containing(words: Iterable[str], before: str = "") -> list[str]:
    """Patterns of SQL for texts in which each word occurs, after what stands before it."""
    return [f"%{before}{connection.ops.prep_for_like_query(word)}%" for word in words]


def _beginning(text: str) -> list[str]:
    return [f"{connection.ops.prep_for_like_query(text)}%"]


def matching(services: ServiceQuerySet, query: str) -> ServiceQuerySet:
    """Those in whose name, summary or department every word of the query occurs."""
    return _holding(services, _containing(words_of(query)))


def _holding(services: ServiceQuerySet, patterns: Collection[str]) -> ServiceQuerySet:
    text: Combinable = Concat(
        "name", Value(" "), "summary", Value(" "), "department__name", output_field=TextField()
    )
    return services.alias(text=Folded(text)).filter(
        text__like_all=patterns  # type: ignore[misc]  # one parameter for all of them
    )


def first_services(user: User, query: str) -> list[Service]:
    """The first of the services that match, by name, and one more; one query."""
    return _first_services(user.department_id, _containing(words_of(query)))


@prepared
def _first_services(department_id: int, patterns: Collection[str]) -> QuerySet[Service]:
    offered = Service.objects.published().open_to(department_id).for_list().defer("description")
    return _holding(offered, patterns).order_by("name", "pk")[: SERVICES_FOUND + 1]


def colleagues(query: str) -> list[User]:
    """At most ten people found by name, address or number; one query.

    Each word of the query begins a word of the name; or the whole begins the address or number.
    """
    text = " ".join(query.replace("\x00", "")[:LONGEST_QUERY].split())
    if len(text) < FEWEST_LETTERS:
        return []
    words = _containing(words_of(text), before=" ") or [""]  # no word is like no name
    return _colleagues(words, _beginning(text.lower()), _beginning(text.upper()))


@prepared
def _colleagues(
    name: Collection[str], address: Collection[str], number: Collection[str]
) -> QuerySet[User]:
    return (
        User.objects.filter(is_active=True)
        .alias(
            words=Concat(Value(" "), Folded(F("name")), output_field=TextField()),
            address=Lower("email", output_field=CharField()),
            number=Upper("employee_number", output_field=CharField()),
        )
        .filter(Q(words__like_all=name) | Q(address__like_all=address) | Q(number__like_all=number))
        .select_related("department")
        .order_by("name", "pk")[:COLLEAGUES_FOUND]
    )


def colleague(text: str) -> User | None:
    """The one person with this mail address or employee number, who may sign in."""
    text = text.strip()
    if not text or "\x00" in text or len(text) > 254:
        return None
    return (
        User.objects.filter(is_active=True)
        .filter(Q(email__iexact=text) | Q(employee_number=text))
        .select_related("department")
        .first()
    )


def person(text: str) -> User | None:
    """Someone by mail address, number or name, gone or not; None where two have that name."""
    text = " ".join(text.split())
    if not text or "\x00" in text or len(text) > 254:
        return None
    named = User.objects.annotate(folded=Folded(F("name"))).filter(
        Q(email__iexact=text) | Q(employee_number=text) | Q(folded=fold(text))
    )
    found = list(named[:2])
    exact = [one for one in found if text in (one.email, one.employee_number)]
    if exact:
        return exact[0]
    return found[0] if len(found) == 1 else None
