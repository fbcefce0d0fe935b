"""Celery's thin shells."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from requests_app import advance as time_passes
from requests_app import files, flow, presence


@shared_task(ignore_result=True)
def advance() -> int:
    """Let time do what it does to requests, up to now."""
    now = timezone.now()
    files.expire(now)
    presence.sweep(now)
    return time_passes.advance(now)


@shared_task
def count() -> int:
    """Fold what happened to requests into the rows that figures read."""
    return flow.advance(timezone.now())
