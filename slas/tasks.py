"""What beat starts for promises."""

import logging

from celery import shared_task
from django.utils import timezone

from slas import sweep as watching

log = logging.getLogger(__name__)


@shared_task
def sweep() -> None:
    """Every tick: warn and breach what fell due. Two at once, or one twice, write nothing twice."""
    result = watching.sweep(timezone.now())
    if result.warned or result.breached or result.set_aside:
        log.info(
            "Swept: %d warned, %d breached, %d set aside.",
            result.warned,
            result.breached,
            len(result.set_aside),
        )
