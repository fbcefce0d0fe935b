"""Celery's thin shells."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from requests_app import advance as time_passes
from requests_app import files, flow, presence
from requests_app.figures import usual


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
    now = timezone.now()
    folded = flow.advance(now)
    usual.advance(now)
    return folded
