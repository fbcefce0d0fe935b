"""What time does to calendars."""

from celery import shared_task
from django.utils import timezone

from calendars import actions


@shared_task
def extend_horizons() -> int:
    """Once a day: write out public holidays further ahead where they run short."""
    return actions.extend_horizons(at=timezone.now())
