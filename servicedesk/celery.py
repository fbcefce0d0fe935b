"""What time does: the beat's schedule, and how a worker lives through a lost broker.

Tasks are thin and repeatable: a tick that is lost is made good by the next one, a tick that comes
twice changes nothing, and so two beats do no harm. That is why no result is kept anywhere, and why
a worker gives nothing back to Redis: what it took and could not do is a tick that is lost.

Every task is run by `Traced`: under the id of the request that asked for it, and counted.
"""

from __future__ import annotations

import time
from typing import Any

from celery import Celery, Task, signals
from kombu.transport import redis

# Where Redis goes away, giving back what was taken ends the worker: kombu asks a connection that it
# has already forgotten, and what comes of that is no error of a connection (kombu 5.7). No
# confirmations either (`ack_emulation` in the settings), which fail in the same way.
redis.Channel.do_restore = False

HEADER = "request_id"


class Traced(Task):
    """A task that goes on under the id of whoever published it, and whose end is counted."""

    abstract = True

    def apply_async(self, *args: Any, headers: dict[str, Any] | None = None, **given: Any) -> Any:
        """Publish it, with the id of what is done just now."""
        from servicedesk import tracing

        known = {HEADER: tracing.current()} if tracing.current() else {}
        return super().apply_async(*args, headers=known | (headers or {}), **given)

    def before_start(self, task_id: str, args: Any, kwargs: Any) -> None:
        """Before anything is logged of it: the id that came along, or a new one."""
        from servicedesk import tracing

        tracing.begin(self.request.get(HEADER))

    def __call__(self, *args: Any, **given: Any) -> Any:
        """Do it, and count how it ended."""
        from servicedesk import meters

        began = time.perf_counter()
        outcome = "failed"
        try:
            done = self.run(*args, **given)
            outcome = "done"
            return done
        finally:
            meters.ran(self.name, outcome, time.perf_counter() - began)


app = Celery("servicedesk", task_cls=Traced)
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
        # What a changed calendar or agreement means for open requests shows soon after it is saved.
        "reapply-promises": _every(sweep, "slas.tasks.reapply"),
        # Mail leaves within seconds of the deed, and a burst to one person still makes one mail.
        "deliver-notices": _every(deliver, "notices.tasks.deliver"),
        # Invitations open 30 minutes after a resolution, close after 14 days: a minute is enough.
        "advance-feedback": _every(60, "feedback.tasks.advance"),
        # Nudges and closing by itself are counted in working days: a minute is enough.
        "advance-requests": _every(60, "requests_app.tasks.advance"),
        # Figures are exact without it; it keeps what they read short.
        "count-requests": _every(60, "requests_app.tasks.count"),
        "count-verdicts": _every(60, "slas.tasks.count"),
        "count-answers": _every(60, "feedback.tasks.count"),
        # Public holidays are written out six years ahead and renewed at four: a day would be near
        # enough, but the beat keeps no state, and one that restarts each night must get there too.
        "extend-holidays": _every(3600, "calendars.tasks.extend_horizons"),
        "forget": _every(3600, "servicedesk.tasks.forget"),
        # What /readyz says of beat and worker is at most this old.
        "beat": _every(15, "servicedesk.tasks.beat"),
    }


def _every(seconds: int, task: str) -> dict[str, Any]:
    return {"task": task, "schedule": float(seconds), "options": {"expires": float(seconds)}}


@signals.setup_logging.connect
def _log_as_settings_say(**_: Any) -> None:
    """Celery leaves logging alone where somebody is connected here: LOGGING holds for all."""


@signals.worker_process_init.connect
def _begin_to_work(**_: Any) -> None:
    """In each process that runs tasks, but where they run on threads of the worker itself."""
    from servicedesk.collecting import collect_seldom

    collect_seldom()


@signals.worker_ready.connect
def _serve_metrics(**_: Any) -> None:
    from servicedesk import meters

    _begin_to_work()
    meters.serve_worker()
