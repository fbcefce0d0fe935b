"""What time does: the beat's schedule, and how a worker lives through a lost broker.

Tasks are thin and repeatable: a tick that is lost is made good by the next one, a tick that comes
twice changes nothing, and so two beats do no harm. That is why no result is kept anywhere.
"""

from __future__ import annotations

from typing import Any

from celery import Celery

app = Celery("servicedesk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def schedule(*, sweep: int, deliver: int) -> dict[str, dict[str, Any]]:
    """The beat's schedule. `sweep` and `deliver` are seconds.

    Each tick expires when the next one is due: after an hour without a worker there is one tick to
    do, not three hundred and sixty.
    """
    return {
        # Warnings and breaches appear within 15 s of their time: a tick, its run and some air.
        "sweep-clocks": _every(sweep, "slas.tasks.sweep"),
        # Mail leaves within seconds of the deed, and a burst to one person still makes one mail.
        "deliver-notices": _every(deliver, "notices.tasks.deliver"),
        # Invitations open 30 minutes after a resolution, close after 14 days: a minute is enough.
        "advance-feedback": _every(60, "feedback.tasks.advance"),
        # Nudges and closing by itself are counted in working days: a minute is enough.
        "advance-requests": _every(60, "requests_app.tasks.advance"),
        # Public holidays are written out six years ahead and renewed at four: a day would be near
        # enough, but the beat keeps no state, and one that restarts each night must get there too.
        "extend-holidays": _every(3600, "calendars.tasks.extend_horizons"),
        "forget": _every(3600, "servicedesk.tasks.forget"),
    }


def _every(seconds: int, task: str) -> dict[str, Any]:
    return {"task": task, "schedule": float(seconds), "options": {"expires": float(seconds)}}
