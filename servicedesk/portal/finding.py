"""Finding services and colleagues by what someone typed, without regard to accents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import CharField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat, Lower

from people.folding import fold
from people.models import User

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from catalogue.models import ServiceQuerySet

LONGEST_QUERY = 100
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


def colleagues(query: str) -> QuerySet[User]:
    """At most ten people found by name, address or number.

    Each word of the query begins a word of the name; or the whole begins the address or number.
    """
    text = " ".join(query.replace("\x00", "")[:LONGEST_QUERY].split())
    if len(text) < FEWEST_LETTERS:
        return User.objects.none()
    by_name = Q()
    for word in words_of(text):
        by_name &= Q(folded__startswith=word) | Q(folded__contains=f" {word}")
    return (
        User.objects.filter(is_active=True)
        .annotate(folded=Folded(F("name")), address=Lower("email", output_field=CharField()))
        .filter(
            by_name | Q(address__startswith=text.lower()) | Q(employee_number__istartswith=text)
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
