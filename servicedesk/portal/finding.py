"""Finding services, requests and colleagues by what someone typed, without regard to accents."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from django.db.models import CharField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat, Lower

from people.models import User

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from catalogue.models import ServiceQuerySet
    from requests_app.models import ServiceRequest, ServiceRequestQuerySet

LONGEST_QUERY = 100
REQUESTS_FOUND = 10
COLLEAGUES_FOUND = 10
FEWEST_LETTERS = 2

# Letters that do not come apart into a plain one and an accent.
_ODD, _PLAIN = "łøđðħı", "loddhi"


class Folded(Func):
    """The text in small letters without accents, as `fold` makes it, within the database."""

    template = (
        "translate(regexp_replace(normalize(LOWER(%(expressions)s), NFD), "
        f"'[\\u0300-\\u036f]', '', 'g'), '{_ODD}', '{_PLAIN}')"
    )
    output_field = TextField()


def fold(text: str) -> str:
    """The text in small letters without accents."""
    apart = unicodedata.normalize("NFD", text.lower())
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return plain.translate(str.maketrans(_ODD, _PLAIN))


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


def requests_matching(requests: ServiceRequestQuerySet, query: str) -> list[ServiceRequest]:
    """The newest of these requests with that reference, or with every word in the subject."""
    words = words_of(query)
    if not words:
        return []
    by_subject = Q()
    for word in words:
        by_subject &= Q(text__contains=word)
    by_reference = Q(reference__istartswith=query.replace("\x00", "").strip()[:20])
    found = requests.annotate(text=Folded(F("subject"))).filter(by_reference | by_subject)
    return list(found.for_list().newest_first()[:REQUESTS_FOUND])


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
