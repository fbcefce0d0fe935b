"""What stands on Home: what needs the reader, their requests, and what is often asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.access import services_for
from catalogue.models import Service
from feedback import invitations
from feedback.models import Invitation
from people.access import standing
from people.models import User
from requests_app import access, favourites
from requests_app.figures import asked_often
from requests_app.lifecycle import Status
from requests_app.models import Message, ServiceRequest
from servicedesk.portal.rows import Rows, rows_of

OF_EACH = 10
"""So many things of each sort that need the reader are shown."""
REQUESTS = 8
SERVICES = 6
FAVOURITES = 12
COUNTED = 1000
GENERAL = "i-dont-know"
"""The address of the organisation-wide service for what nobody knows where to take."""

_NUMBERS = (
    gettext_lazy("Two"), gettext_lazy("Three"), gettext_lazy("Four"), gettext_lazy("Five"),
    gettext_lazy("Six"), gettext_lazy("Seven"), gettext_lazy("Eight"), gettext_lazy("Nine"),
)  # fmt: skip


class Sort(StrEnum):
    """Why something needs the reader."""

    QUESTION = "question"
    APPROVAL = "approval"
    CONFIRM = "confirm"
    RATE = "rate"


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that needs the reader."""

    sort: Sort
    service_request: ServiceRequest
    title: str
    url: str
    text: str = ""
    """What was said last, or what is asked."""
    who: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """Home, ready to be shown."""

    greeting: str
    sentence: str
    needs: Sequence[Need]
    requests: Rows
    requests_count: str
    works: bool
    """The reader works on requests or leads, so that not only their own are theirs to see to."""
    at_hand: Sequence[Service]
    often: Sequence[Service]
    general: Service | None


def home_of(user: User, now: datetime) -> Home:
    """Put Home together; the same number of queries for every reader."""
    needs, more = needs_of(user, now)
    requests = rows_of(list(access.mine(user).live().for_list().newest_first()[:REQUESTS]), now)
    all_well = bool(requests) and not any(row.is_late for row in requests.rows)
    at_hand = favourites_of(user)
    rights = standing(user)
    works = rights.is_agent or rights.is_manager
    return Home(
        greeting=greeting(user, now),
        sentence=sentence(len(needs), more=more, all_well=all_well, works=works),
        needs=needs,
        requests=requests,
        requests_count=_count_of(user),
        works=works,
        at_hand=at_hand,
        often=often_asked(user, now, without=at_hand),
        general=general_service(user),
    )


def greeting(user: User, now: datetime) -> str:
    """Greet by the hour of the reader's zone, which is the active one."""
    hour = timezone.localtime(now).hour
    if 5 <= hour < 12:
        words = _("Good morning, %(name)s")
    elif 12 <= hour < 18:
        words = _("Good afternoon, %(name)s")
    elif hour >= 18:
        words = _("Good evening, %(name)s")
    else:
        words = _("Hello, %(name)s")
    return words % {"name": user.short_name}


def sentence(needs: int, *, more: bool, all_well: bool, works: bool = False) -> str:
    """Say how many things need the reader, or more than that many.

    `all_well`: they have requests, and none is late. `works`: they also work on those of others,
    of which nothing is said here.
    """
    if not needs and works:
        return _("None of your own requests needs you.")
    if not needs:
        return (
            _("Nothing needs you. Your requests are on their way.")
            if all_well
            else _("Nothing needs you.")
        )
    if more:
        words = _("More than %(number)s things need you.") % {"number": needs}
    elif needs == 1:
        words = _("One thing needs you.")
    else:
        number = _NUMBERS[needs - 2] if needs - 2 < len(_NUMBERS) else needs
        words = _("%(number)s things need you.") % {"number": number}
    return words + " " + _("Everything else is on its way.") if all_well else words


def needs_of(user: User, now: datetime) -> tuple[list[Need], bool]:
    """Questions, approvals, what is to be confirmed and rated, and whether there are yet more.

    At most ten of each; five queries.
    """
    own, enough = access.mine(user).for_list().newest_first(), OF_EACH + 1
    asking = list(own.filter(status=Status.WAITING_REQUESTER)[:enough])
    done = list(own.filter(status=Status.RESOLVED)[:enough])
    deciding = list(access.to_decide(user).for_list().newest_first()[:enough])
    said = _last_words([*asking, *done])
    to_confirm = {one.pk for one in done}
    rating = [
        one for one in invitations.open_for(user, now) if one.service_request_id not in to_confirm
    ]
    needs = [
        *(_question(one, said.get(one.pk)) for one in asking[:OF_EACH]),
        *(_approval(one) for one in deciding[:OF_EACH]),
        *(_confirmation(one, said.get(one.pk)) for one in done[:OF_EACH]),
        *(_rating(one) for one in rating[:OF_EACH]),
    ]
    return needs, len(needs) < len(asking) + len(deciding) + len(done) + len(rating)


def _last_words(service_requests: Sequence[ServiceRequest]) -> dict[int, Message]:
    """What the provider said last on each of them."""
    found = (
        Message.objects.filter(
            service_request__in=[one.pk for one in service_requests], is_public=True
        )
        .order_by("service_request", "-at", "-pk")
        .distinct("service_request")
        .select_related("author")
    )
    return {one.service_request_id: one for one in found}


def _question(one: ServiceRequest, said: Message | None) -> Need:
    title = _("%(department)s has a question about “%(subject)s”") % {
        "department": one.provider_department.name,
        "subject": one.subject,
    }
    return Need(Sort.QUESTION, one, title, one.get_absolute_url(), **_quoted(said))


def _approval(one: ServiceRequest) -> Need:
    title = _("%(name)s asks for “%(subject)s”") % {
        "name": one.requester.name,
        "subject": one.subject,
    }
    text = _("%(service)s, from %(department)s. It goes on as soon as you decide.") % {
        "service": one.service.name,
        "department": one.provider_department.name,
    }
    return Need(Sort.APPROVAL, one, title, one.get_absolute_url(), text)


def _confirmation(one: ServiceRequest, said: Message | None) -> Need:
    title = _("Done: %(subject)s") % {"subject": one.subject}
    return Need(Sort.CONFIRM, one, title, one.get_absolute_url(), **_quoted(said))


def _rating(one: Invitation) -> Need:
    title = _("How was it? %(subject)s") % {"subject": one.service_request.subject}
    text = _("Tell %(department)s in one click how satisfied you are.") % {
        "department": one.provider_department.name
    }
    url = reverse("portal:rate", args=[invitations.token(one)])
    return Need(Sort.RATE, one.service_request, title, url, text)


def _quoted(said: Message | None) -> dict[str, Any]:
    if said is None:
        return {}
    return {
        "text": " ".join(said.text.split()),
        "who": said.author.short_name if said.author else "",
        "at": said.at,
    }


def _count_of(user: User) -> str:
    count = access.mine(user)[: COUNTED + 1].count()
    return str(count) if count <= COUNTED else f"{COUNTED}+"


def favourites_of(user: User) -> list[Service]:
    """The services that the reader wants at hand, while they may be asked for; one query."""
    wanted = services_for(user).filter(pk__in=favourites.ids_of(user)).for_list()
    return list(wanted.order_by("name", "pk")[:FAVOURITES])


def often_asked(user: User, now: datetime, *, without: Sequence[Service] = ()) -> list[Service]:
    """The services asked for most in 90 days that the reader may ask for; two queries."""
    order = {pk: place for place, pk in enumerate(asked_often(now))}
    found = services_for(user).filter(pk__in=order, is_general=False).for_list()
    others = [service for service in found if service not in without]
    return sorted(others, key=lambda service: order[service.pk])[:SERVICES]


def general_service(user: User) -> Service | None:
    """Where one takes what fits nowhere; None where the organisation has no such service."""
    return services_for(user).filter(is_general=True, slug=GENERAL).for_list().first()
