"""Finding services, requests and colleagues by what someone typed, without regard to accents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import CharField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat, Lower

from people.folding import fold
from people.models import User
from requests_app import access, search

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from catalogue.models import ServiceQuerySet
    from requests_app.models import ServiceRequest

LONGEST_QUERY = 100
REQUESTS_FOUND = 10
COLLEAGUES_FOUND = 10
FEWEST_LETTERS = 2


class Folded(Func):
    """The text in small letters without accents, as `people.folding.fold` makes it, in SQL.

    Taken apart before it is lowered, so that it does not hang on the database's locale.
    """

    template = (
        "replace(replace(replace(replace(replace(replace(LOWER(translate(regexp_replace("
        "normalize(%(expressions)s, NFKD), '[\\u0300-\\u036f]', '', 'g'), "
        "'łøđðħıŁØĐÐĦ', 'loddhiloddh')), "
        "'ß', 'ss'), 'ẞ', 'ss'), 'æ', 'ae'), 'Æ', 'ae'), 'œ', 'oe'), 'Œ', 'oe')"
    )
    output_field = TextField()


def words_of(text: str) -> list[str]:
    """The words of a search, folded; at most eight, of the first hundred characters."""
    return fold(text.replace("\x00", "")[:LONGEST_QUERY]).split()[:8]


def matching(services: ServiceQuerySet, query: str) -> ServiceQuerySet:
    """Those in whose name, summary or department every word of the query occurs."""
    text: Combinable = Concat(
        "name", Value(" "), "summary", Value(" "), "department__name", output_field=TextField()
    )
    services = services.annotate(text=Folded(text))
    for word in words_of(query):
        services = services.filter(text__contains=word)
    return services


def requests_matching(user: User, query: str) -> list[ServiceRequest]:
    """The newest requests that the person asked for, and that hold every word of the query."""
    if not words_of(query):
        return []
    found = search.find(user, search.Wanted(text=query, person_id=user.pk))
    mine = access.mine(user).filter(pk__in=found)
    return list(mine.for_list().newest_first()[:REQUESTS_FOUND])


def colleagues(query: str) -> QuerySet[User]:
    """At most ten people whose name (any word of it), address or number begins like this."""
    text = " ".join(query.replace("\x00", "")[:LONGEST_QUERY].split())
    if len(text) < FEWEST_LETTERS:
        return User.objects.none()
    folded = fold(text)
    return (
        User.objects.filter(is_active=True)
        .annotate(folded=Folded(F("name")), address=Lower("email", output_field=CharField()))
        .filter(
            Q(folded__startswith=folded)
            | Q(folded__contains=f" {folded}")
            | Q(address__startswith=text.lower())
            | Q(employee_number__istartswith=text)
        )
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
