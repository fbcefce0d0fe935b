"""What beat starts; it decides nothing."""

from celery import shared_task
from django.utils import timezone

from notices import outbox


@shared_task
def deliver() -> None:
    """Send the mails that are due."""
    outbox.deliver(timezone.now())
