"""What stands on Home: what needs the reader, their requests, and what is often asked for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from catalogue.models import Service
from feedback import invitations
from feedback.models import Invitation
from people.access import standing
from people.models import User
from people.prepared import prepared
from people.translated import gettext as _
from requests_app import favourites
from requests_app.figures import asked_often
from requests_app.lifecycle import LIVE_STATUSES, Status
from requests_app.models import Message, ServiceRequest
from servicedesk.portal.rows import Rows, rows_of
from slas import access
from slas.models import AgreementDraft

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
    AGREEMENT = "agreement"


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that needs the reader."""

    sort: Sort
    reference: str
    """Of the request, or the name of the agreement."""
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
    """Put Home together; the same number of queries for every reader, and one more for a lead."""
    newest = _own_live(user.pk, list(LIVE_STATUSES))
    needs, more = needs_of(user, now, also=newest)
    requests = rows_of(newest, now)
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
        often=often_asked(user, without=at_hand),
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


@prepared
def _own_live(user_id: int, statuses: Collection[str]) -> QuerySet[ServiceRequest]:
    """Without the people and departments: `needs_of` fetches those of all its lists together."""
    own = ServiceRequest.objects.filter(requester=user_id, status__among=statuses)
    return own.for_list().bare().newest_first()[:REQUESTS]


@prepared
def _own_standing(user_id: int, status: str) -> QuerySet[ServiceRequest]:
    own = ServiceRequest.objects.filter(requester=user_id, status=status)
    return own.for_list().bare().newest_first()[: OF_EACH + 1]


@prepared
def _to_decide(user_id: int, status: str) -> QuerySet[ServiceRequest]:
    theirs = ServiceRequest.objects.filter(approver=user_id, status=status)
    return theirs.for_list().bare().newest_first()[: OF_EACH + 1]


def needs_of(
    user: User, now: datetime, *, also: Sequence[ServiceRequest] = ()
) -> tuple[list[Need], bool]:
    """Questions, approvals, agreements to accept, what is to be confirmed and rated; whether more.

    At most ten of each; seven queries, which also complete the rows of `also`, and one for a lead.
    """
    asking = _own_standing(user.pk, Status.WAITING_REQUESTER)
    done = _own_standing(user.pk, Status.RESOLVED)
    deciding = _to_decide(user.pk, Status.AWAITING_APPROVAL)
    ServiceRequest.objects.for_list().complete([*asking, *done, *deciding, *also])
    said = _last_words([*asking, *done])
    to_confirm = {one.pk for one in done}
    rating = [
        one for one in invitations.open_for(user, now) if one.service_request_id not in to_confirm
    ]
    proposed = list(access.to_accept(user)[: OF_EACH + 1])
    needs = [
        *(_question(one, said.get(one.pk)) for one in asking[:OF_EACH]),
        *(_approval(one) for one in deciding[:OF_EACH]),
        *(_proposal(one) for one in proposed[:OF_EACH]),
        *(_confirmation(one, said.get(one.pk)) for one in done[:OF_EACH]),
        *(_rating(one) for one in rating[:OF_EACH]),
    ]
    found = len(asking) + len(deciding) + len(proposed) + len(done) + len(rating)
    return needs, len(needs) < found


def _last_words(service_requests: Sequence[ServiceRequest]) -> dict[int, Message]:
    """What the provider said last on each of them."""
    found = _last_messages([one.pk for one in service_requests]) if service_requests else []
    return {one.service_request_id: one for one in found}


@prepared
def _last_messages(service_request_ids: Collection[int]) -> QuerySet[Message]:
    return (
        Message.objects.filter(service_request__among=service_request_ids, is_public=True)
        .order_by("service_request", "-at", "-pk")
        .distinct("service_request")
        .select_related("author")
    )


def _question(one: ServiceRequest, said: Message | None) -> Need:
    title = _("%(department)s has a question about “%(subject)s”") % {
        "department": one.provider_department.name,
        "subject": one.subject,
    }
    return Need(Sort.QUESTION, one.reference, title, one.get_absolute_url(), **_quoted(said))


def _approval(one: ServiceRequest) -> Need:
    title = _("%(name)s asks for “%(subject)s”") % {
        "name": one.requester.name,
        "subject": one.subject,
    }
    text = _("%(service)s, from %(department)s. It goes on as soon as you decide.") % {
        "service": one.service.name,
        "department": one.provider_department.name,
    }
    return Need(Sort.APPROVAL, one.reference, title, one.get_absolute_url(), text)


def _proposal(one: AgreementDraft) -> Need:
    agreement = one.agreement
    assert agreement.provider is not None
    title = _("%(department)s proposes “%(name)s”") % {
        "department": agreement.provider.name,
        "name": agreement.name,
    }
    text = _("It counts once your department has accepted it.")
    url = reverse("desk:agreement", args=[agreement.pk])
    return Need(Sort.AGREEMENT, agreement.name, title, url, text)


def _confirmation(one: ServiceRequest, said: Message | None) -> Need:
    title = _("Done: %(subject)s") % {"subject": one.subject}
    return Need(Sort.CONFIRM, one.reference, title, one.get_absolute_url(), **_quoted(said))


def _rating(one: Invitation) -> Need:
    title = _("How was it? %(subject)s") % {"subject": one.service_request.subject}
    text = _("Tell %(department)s in one click how satisfied you are.") % {
        "department": one.provider_department.name
    }
    url = reverse("portal:rate", args=[invitations.token(one)])
    return Need(Sort.RATE, one.service_request.reference, title, url, text)


def _quoted(said: Message | None) -> dict[str, Any]:
    if said is None:
        return {}
    return {
        "text": " ".join(said.text.split()),
        "who": said.author.short_name if said.author else "",
        "at": said.at,
    }


def _count_of(user: User) -> str:
    count = len(_own_ids(user.pk))
    return str(count) if count <= COUNTED else f"{COUNTED}+"


@prepared
def _own_ids(user_id: int) -> QuerySet[ServiceRequest, int]:
    own = ServiceRequest.objects.filter(requester=user_id)
    return own.order_by().values_list("pk", flat=True)[: COUNTED + 1]


def favourites_of(user: User) -> list[Service]:
    """The services that the reader wants at hand, while they may be asked for; one query."""
    return _at_hand(user.department_id, user.pk)


@prepared
def _at_hand(department_id: int, user_id: int) -> QuerySet[Service]:
    wanted = Service.objects.published().open_to(department_id).for_list()
    wanted = wanted.filter(pk__in=favourites.ids_of(user_id))
    return wanted.order_by("name", "pk")[:FAVOURITES]


def often_asked(user: User, *, without: Sequence[Service] = ()) -> list[Service]:
    """The services asked for most that the reader may ask for; two queries."""
    order = {pk: place for place, pk in enumerate(asked_often())}
    found = _particular(user.department_id, list(order))
    others = [service for service in found if service not in without]
    return sorted(others, key=lambda service: order[service.pk])[:SERVICES]


@prepared
def _particular(department_id: int, ids: Collection[int]) -> QuerySet[Service]:
    found = Service.objects.published().open_to(department_id).for_list()
    return found.filter(pk__among=ids, is_general=False)


def general_service(user: User) -> Service | None:
    """Where one takes what fits nowhere; None where the organisation has no such service."""
    return next(iter(_general(user.department_id)), None)


@prepared
def _general(department_id: int) -> QuerySet[Service]:
    found = Service.objects.published().open_to(department_id).for_list()
    return found.filter(is_general=True, slug=GENERAL)[:1]
