"""What beat starts; it decides nothing."""

from celery import shared_task
from django.utils import timezone

from feedback import blocks, invitations


@shared_task
def advance() -> None:
    """Send the invitations that are due; let count what waited for company."""
    now = timezone.now()
    invitations.advance(now)
    blocks.gather(now)
