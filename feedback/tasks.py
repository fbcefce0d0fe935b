"""What beat starts; it decides nothing."""

from celery import shared_task
from django.utils import timezone

from feedback import blocks, invitations, tallied


@shared_task
def advance() -> None:
    """Send the invitations that are due; let count what waited for company."""
    now = timezone.now()
    invitations.advance(now)
    blocks.gather(now)


@shared_task
def count() -> None:
    """Fold what has begun to count into the rows that figures read."""
    tallied.advance(timezone.now())
