"""What people were told: the bell's lines, the mails that wait or went out, the demo's mailbox."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from people.models import User
from requests_app.models import Event, ServiceRequest
from slas.models import AgreementDeed

if TYPE_CHECKING:
    from datetime import datetime


CHECKED_ROW_BY_ROW = False
"""Whether PostgreSQL looks for each row whether its event, or that event's request, is there. It
need not: a trigger lets nobody delete an event, and no request goes while an event names it; in a
burst this was a fifth of all that PostgreSQL did."""


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Words about notices."""

    def unread(self) -> NoticeQuerySet:
        """Those not yet looked at."""
        return self.filter(read_at=None)


class Notice(models.Model):
    """One line behind a person's bell; its words are made when it is shown."""

    user = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="notices")
    event = models.ForeignKey(
        Event,
        models.PROTECT,
        null=True,
        db_index=False,
        db_constraint=CHECKED_ROW_BY_ROW,
        related_name="notices",
    )
    service_request = models.ForeignKey(
        ServiceRequest,
        models.PROTECT,
        null=True,
        db_index=False,
        db_constraint=CHECKED_ROW_BY_ROW,
        related_name="notices",
    )
    agreement_deed = models.ForeignKey(
        AgreementDeed, models.PROTECT, null=True, db_index=False, related_name="+"
    )
    """What was done about an agreement; then there is no request, and no event."""
    kind = models.CharField(max_length=24)
    """Which words: a key of `notices.words.WORDS`."""
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("event", "user"), name="notice_once"),
            models.UniqueConstraint(
                fields=("agreement_deed", "user"),
                condition=Q(agreement_deed__isnull=False),
                name="notice_of_an_agreement_once",
            ),
            models.CheckConstraint(
                condition=Q(event__isnull=False, service_request__isnull=False, agreement_deed=None)
                | Q(event=None, service_request=None, agreement_deed__isnull=False),
                name="notice_is_of_a_request_or_an_agreement",
            ),
        )
        indexes = (
            models.Index(fields=("user", "-id"), name="notice_newest"),
            models.Index(
                fields=("user", "service_request"),
                condition=Q(read_at__isnull=True),
                name="notice_unread",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} to {self.user_id}"


class Purpose(models.TextChoices):
    """What a mail is for; each has a template of its own."""

    NEWS = "news", _("News about a request")
    LATE = "late", _("Promises that are soon due, or late")
    RATE = "rate", _("Invitation to rate")
    DEAL = "deal", _("News about an agreement")


class OutboxMailQuerySet(models.QuerySet["OutboxMail"]):
    """Words about mails."""

    def undelivered(self) -> OutboxMailQuerySet:
        """Neither sent nor given up."""
        return self.filter(sent_at=None, gave_up_at=None)

    def sealed(self) -> OutboxMailQuerySet:
        """A deliverer has taken it up: nothing may be added."""
        return self.filter(attempts__gt=0)

    def gathering(self) -> OutboxMailQuerySet:
        """Still takes further lines of the same burst."""
        return self.undelivered().filter(attempts=0)

    def claimable(self, now: datetime) -> OutboxMailQuerySet:
        """Due, and in nobody's hands."""
        return self.undelivered().filter(
            Q(lease_until=None) | Q(lease_until__lte=now), not_before__lte=now
        )


class OutboxMail(models.Model):
    """One mail to one person: what happened on one request in one burst, or to an agreement; or
    of which promises, on any number of requests, time has run short.
    """

    recipient = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    service_request = models.ForeignKey(
        ServiceRequest, models.PROTECT, null=True, db_index=False, related_name="+"
    )
    agreement_deed = models.ForeignKey(
        AgreementDeed, models.PROTECT, null=True, db_index=False, related_name="+"
    )
    """Of what was done about an agreement; then there is no request."""
    purpose = models.CharField(max_length=4, choices=Purpose.choices, default=Purpose.NEWS)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    """The end of the burst, or of the pause after a failure."""
    lease_until = models.DateTimeField(null=True, blank=True)
    """Until then it is in the hands of one deliverer."""
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    gave_up_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    """What went wrong the last time."""

    objects = OutboxMailQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("service_request", "recipient", "purpose"),
                condition=Q(attempts=0, sent_at__isnull=True, gave_up_at__isnull=True),
                name="mail_one_for_a_burst",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(gave_up_at__isnull=True),
                name="mail_sent_or_given_up",
            ),
            models.UniqueConstraint(
                fields=("agreement_deed", "recipient"),
                condition=Q(agreement_deed__isnull=False),
                name="mail_of_an_agreement_once",
            ),
            models.UniqueConstraint(
                fields=("recipient",),
                condition=Q(
                    purpose="late", attempts=0, sent_at__isnull=True, gave_up_at__isnull=True
                ),
                name="mail_of_what_is_late_one_for_a_burst",
            ),
            models.CheckConstraint(
                condition=Q(service_request__isnull=False, agreement_deed=None)
                | Q(service_request=None, agreement_deed__isnull=False)
                | Q(service_request=None, agreement_deed=None, purpose="late"),
                name="mail_is_of_a_request_or_an_agreement",
            ),
        )
        indexes = (
            models.Index(
                fields=("not_before", "id"),
                condition=Q(sent_at__isnull=True, gave_up_at__isnull=True),
                name="mail_undelivered",
            ),
        )

    def __str__(self) -> str:
        return f"mail {self.pk} to {self.recipient_id}"

    @property
    def message_id(self) -> str:
        """The Message-ID header: the same at every try, so that a second one is recognisable."""
        return f"<mail-{self.uuid}@{urlsplit(settings.BASE_URL).hostname}>"


class MailLine(models.Model):
    """One thing that a mail tells of."""

    mail = models.ForeignKey(OutboxMail, models.CASCADE, related_name="lines")
    recipient = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    event = models.ForeignKey(
        Event, models.PROTECT, db_index=False, db_constraint=CHECKED_ROW_BY_ROW, related_name="+"
    )
    kind = models.CharField(max_length=24)
    """Which words: a key of `notices.words.WORDS`."""

    class Meta:
        ordering = ("event_id",)
        constraints = (
            models.UniqueConstraint(fields=("event", "recipient"), name="mail_tells_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind} in mail {self.mail_id}"


class KeptMail(models.Model):
    """A mail that the demo kept instead of sending it."""

    to = models.EmailField()
    subject = models.TextField()
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=200)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=("message_id", "to"), name="kept_mail_once"),)
        indexes = (models.Index(fields=("to", "-id"), name="kept_mail_newest"),)

    def __str__(self) -> str:
        return self.subject
