"""What beat starts; it decides nothing."""

from celery import shared_task
from django.utils import timezone

from notices import meters, outbox


@shared_task
def deliver() -> None:
    """Send the mails that are due."""
    delivery = outbox.deliver(timezone.now())
    for outcome in ("sent", "failed", "gave_up"):
        meters.MAILS.labels(outcome).inc(getattr(delivery, outcome))
    if delivery.away:
        meters.AWAY.inc()
