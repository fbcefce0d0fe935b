"""The outbox: mails wait here from the deed that caused them until they are sent.

At least once: a mail is claimed by a lease, sent outside any transaction, stamped afterwards. Who
dies in between leaves a lease that runs out, and the second try carries the same Message-ID.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail import get_connection as mail_server
from django.db import connection, transaction
from django.db.models import QuerySet

from notices import mail as mails
from notices.models import MailLine, OutboxMail, OutboxMailQuerySet, Purpose
from notices.rules import BY_TIME, Hearing
from people.prepared import prepared
from requests_app import many
from requests_app.models import Event
from slas.sweep import oldest_unswept

logger = logging.getLogger(__name__)

Send = Callable[[EmailMultiAlternatives], None]

LEASE = timedelta(minutes=2)
"""Longer than a deliverer works, and one sending takes at most."""
WORKING_TIME = 30.0
"""Seconds after which a deliverer takes up no further mail; the next tick goes on."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
"""After the first failure, the second, …"""
TRIES = len(PAUSES) + 1
"""After so many failures we give up; the row stays, with what went wrong."""
BEHIND = timedelta(seconds=15)
"""A sweep is behind when something has waited for longer than from one tick to the next."""
WAITS_FOR_SWEEP = timedelta(minutes=2)
"""So long a mail of what is late waits for a sweep that is behind."""
LONGEST_ERROR = 1000


_Envelope = tuple[int, int | None, str]
"""Recipient, request if it is of one, purpose."""


class NotSent(Exception):
    """The mail server took the mail and sent it to nobody."""


@dataclass(slots=True)
class Delivery:
    """What one run came to."""

    sent: int = 0
    failed: int = 0
    gave_up: int = 0
    away: bool = False
    """The mail server could not be reached at all."""


def put(hearings: Sequence[Hearing]) -> None:
    """Lay out mails: what one person hears of one request within the burst goes into one.

    Called inside the deed's transaction, with the request locked. Nothing the second time.
    """
    told = set(_told({one.event.pk for one in hearings}))
    fresh = [one for one in hearings if (one.user_id, one.event.pk) not in told]
    burst = timedelta(seconds=settings.NOTICE_BURST_SECONDS)
    wanted: dict[_Envelope, datetime] = {}
    for one in fresh:
        wanted.setdefault(_envelope(one), one.event.at)
    found: dict[_Envelope, int] = {}
    # Once more only where a deliverer took a mail up between our two statements.
    while missing := [key for key in wanted if key not in found]:
        _lay_out({key: wanted[key] for key in missing}, burst)
        found |= _gathering(missing)
    if found:  # by its number a mail is followed from the deed's line to that of its delivery
        logger.info("Laid out for mail %s.", ", ".join(map(str, sorted(set(found.values())))))
    if fresh:
        many.insert_new(
            MailLine,
            {
                "mail_id": [found[_envelope(one)] for one in fresh],
                "recipient_id": [one.user_id for one in fresh],
                "event_id": [one.event.pk for one in fresh],
                "kind": [one.rule.words for one in fresh],
            },
        )


@prepared
def _told(event_ids: Collection[int]) -> QuerySet[MailLine, tuple[int, int]]:
    return MailLine.objects.filter(event__among=event_ids).values_list("recipient_id", "event_id")


# Locked so that several may hold it, which Django cannot say: two sweeps at once tell the same lead
# of what is late, and no deliverer takes the mail up until both have committed.
_STILL_GATHERING = """
    SELECT recipient_id, service_request_id, purpose, id FROM notices_outboxmail
    WHERE attempts = 0 AND sent_at IS NULL AND gave_up_at IS NULL AND recipient_id = ANY(%s)
    AND (service_request_id = ANY(%s) OR purpose = 'late') ORDER BY id FOR SHARE
"""


def _gathering(wanted: Collection[_Envelope]) -> dict[_Envelope, int]:
    """The mails of these that still gather."""
    people = [one[0] for one in wanted]
    requests = [one[1] for one in wanted if one[1] is not None]
    with connection.cursor() as cursor:
        cursor.execute(_STILL_GATHERING, [people, requests])
        return {(who, which, purpose): pk for who, which, purpose, pk in cursor.fetchall()}


def _lay_out(wanted: Mapping[_Envelope, datetime], burst: timedelta) -> None:
    """Mails for these, but for those that are gathering already."""
    # In one order, whoever writes: two who wait for one another would wait for ever.
    inorder = sorted(wanted, key=lambda one: (one[0], one[1] or 0, one[2]))
    many.insert_new(
        OutboxMail,
        {
            "recipient_id": [recipient_id for recipient_id, _request, _purpose in inorder],
            "service_request_id": [request_id for _recipient, request_id, _purpose in inorder],
            "purpose": [purpose for _recipient, _request, purpose in inorder],
            "uuid": [uuid4() for _one in inorder],
            "created_at": [wanted[one] for one in inorder],
            "not_before": [wanted[one] + burst for one in inorder],
            "attempts": [0] * len(inorder),
            "error": [""] * len(inorder),
        },
    )


def take_back(event: Event, kind: str) -> None:
    """Take what was told before this event in these words out of mails nobody has taken up yet.

    A mail left empty is not sent. Inside the deed's transaction, with the request locked.
    """
    gathering = OutboxMail.objects.gathering().filter(service_request=event.service_request_id)
    mails = [one.pk for one in gathering.order_by("pk").select_for_update()]
    MailLine.objects.filter(mail__in=mails, kind=kind, event__lt=event.pk).delete()


def _envelope(hearing: Hearing) -> _Envelope:
    event = hearing.event
    if event.kind in BY_TIME:  # one person hears of all requests in one mail
        return hearing.user_id, None, str(Purpose.LATE)
    purpose = Purpose.RATE if event.kind == "invited" else Purpose.NEWS
    return hearing.user_id, event.service_request_id, str(purpose)


def deliver(now: datetime, *, send: Send | None = None) -> Delivery:
    """Send what is due. Any number of deliverers may run at once; must run outside transactions.

    While the mail server cannot be reached at all, no mail is taken up and none loses a try.
    """
    delivery = Delivery()
    if not OutboxMail.objects.claimable(now).exists():
        return delivery
    if send is not None:
        _deliver(now, send, delivery)
        return delivery
    server = mail_server()
    with closing(server):
        try:
            server.open()
        except OSError as error:
            logger.warning("The mail server cannot be reached: %s", error)
            delivery.away = True
            return delivery

        def through(message: EmailMultiAlternatives) -> None:
            try:
                if not server.send_messages([message]):
                    raise NotSent
            except Exception:
                server.close()  # what broke in the middle is not used again
                raise

        _deliver(now, through, delivery)
    return delivery


def _deliver(now: datetime, send: Send, delivery: Delivery) -> None:
    began, due = time.monotonic(), _due(now)
    while time.monotonic() - began < WORKING_TIME:
        row = _claim(now, due)
        if row is None:
            return
        _try(row, now, send, delivery)


def _due(now: datetime) -> OutboxMailQuerySet:
    """What may be sent. While the sweep is behind, mails of what is late wait for the rest of it.

    But not for long: a clock that cannot be swept keeps nobody from hearing of the others.
    """
    rows = OutboxMail.objects.claimable(now)
    behind = oldest_unswept(now)
    if behind is None or behind < BEHIND:
        return rows
    return rows.exclude(purpose=Purpose.LATE, not_before__gt=now - WAITS_FOR_SWEEP)


def _claim(now: datetime, due: OutboxMailQuerySet) -> OutboxMail | None:
    """The next mail, ours until the lease runs out; the try is counted before it is made."""
    with transaction.atomic():
        row = due.order_by("not_before", "pk").select_for_update(skip_locked=True).first()
        if row is not None:
            row.attempts += 1
            row.lease_until = now + LEASE
            row.save(update_fields=["attempts", "lease_until"])
    return row


def _try(row: OutboxMail, now: datetime, send: Send, delivery: Delivery) -> None:
    if row.attempts > TRIES:
        _give_up(row, now, row.error or "Every try ended without a word.")
        delivery.gave_up += 1
        return
    try:
        message = mails.compose(row, now)
        if message is None:
            _give_up(row, now, "The recipient has left, or there is nothing to tell.")
            delivery.gave_up += 1
            return
        send(message)
    except Exception as error:
        # What the server said may quote the recipient; it stands in the row.
        logger.warning(
            "Mail %d was not sent (try %d): %s", row.pk, row.attempts, type(error).__name__
        )
        said = f"{type(error).__name__}: {error}".replace("\x00", "")[:LONGEST_ERROR]
        if row.attempts >= TRIES:
            _give_up(row, now, said)
            delivery.gave_up += 1
        else:
            _ours(row).update(
                lease_until=None, not_before=now + PAUSES[row.attempts - 1], error=said
            )
            delivery.failed += 1
        return
    OutboxMail.objects.filter(pk=row.pk).update(
        sent_at=now, lease_until=None, gave_up_at=None, error=""
    )
    delivery.sent += 1
    logger.info("Mail %d is sent (try %d).", row.pk, row.attempts)


def _give_up(row: OutboxMail, now: datetime, error: str) -> None:
    _ours(row).update(gave_up_at=now, lease_until=None, error=error)


def _ours(row: OutboxMail) -> OutboxMailQuerySet:
    """The row, unless the lease ran out meanwhile and another deliverer has it."""
    return OutboxMail.objects.undelivered().filter(pk=row.pk, attempts=row.attempts)


def oldest_undelivered(now: datetime) -> timedelta | None:
    """How long the oldest mail that should be out by now has waited; None when nothing waits."""
    oldest = (
        OutboxMail.objects.undelivered()
        .filter(not_before__lte=now)
        .order_by("not_before")
        .values_list("not_before", flat=True)
        .first()
    )
    return None if oldest is None else now - oldest


def undelivered() -> int:
    """How many mails are neither sent nor given up; costs what waits."""
    return OutboxMail.objects.undelivered().count()
