"""The demo's mail backend: keeps every mail for the mailbox page instead of sending it."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import parseaddr

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from notices.models import KeptMail


class DemoBackend(BaseEmailBackend):
    """Keeps mails in the database; the same Message-ID to the same person is kept once."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep each mail once for each of its recipients; how many mails that were."""
        kept = [
            KeptMail(
                to=parseaddr(address)[1],
                subject=str(message.subject),
                text=str(message.body),
                html=_html(message),
                message_id=message.message()["Message-ID"],
            )
            for message in email_messages
            for address in message.recipients()
        ]
        KeptMail.objects.bulk_create(kept, ignore_conflicts=True)
        return len(email_messages)


def _html(message: EmailMessage) -> str:
    if isinstance(message, EmailMultiAlternatives):
        for content, mimetype in message.alternatives:
            if mimetype == "text/html":
                return str(content)
    return ""
