"""What the desk forgets by itself, and the sign that its clock goes."""

from __future__ import annotations

from celery import shared_task
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from servicedesk import health, limits


@shared_task(ignore_result=True)
def forget() -> None:
    """Sessions, cached things and counts whose time is over; twice does no harm."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    limits.forget(now)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM servicedesk_cache WHERE expires < %s", [now])


@shared_task(ignore_result=True)
def beat() -> None:
    """Every tick: beat and worker are there."""
    health.beat(timezone.now())
