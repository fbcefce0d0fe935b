"""Celery's thin shells."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from requests_app import advance as time_passes
from requests_app import files


@shared_task(ignore_result=True)
def advance() -> int:
    """Let time do what it does to requests, up to now."""
    files.expire(timezone.now())
    return time_passes.advance(timezone.now())
