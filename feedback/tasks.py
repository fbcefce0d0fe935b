"""What beat starts; it decides nothing."""

from celery import shared_task
from django.utils import timezone

from feedback import invitations


@shared_task
def advance() -> None:
    """Send the invitations that are due."""
    invitations.advance(timezone.now())
