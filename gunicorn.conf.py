"""Read by gunicorn by itself, wherever it is started in this folder: logs as everything else has
them, and one folder in which its workers count together (see servicedesk/meters.py).

What is on the command line wins.
"""

import os
import shutil
import tempfile
from typing import Any

from servicedesk import logs

_production = os.environ.setdefault(
    "DJANGO_SETTINGS_MODULE", "servicedesk.settings.production"
).endswith(".production")
_style = os.environ.get("LOG_FORMAT")
if _style not in logs.STYLES:  # one that nobody knows the settings will refuse
    _style = logs.JSON if _production else logs.PLAIN
logconfig_dict = logs.configuration(_style, os.environ.get("LOG_LEVEL") or "INFO")
logconfig_dict["loggers"]["gunicorn.error"] = {"propagate": True}

# Before anything imports prometheus_client: where it counts is settled then.
_ours = ""
if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
    _ours = os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="desk-metrics-")


def post_worker_init(worker: Any) -> None:
    """A worker has imported everything."""
    from servicedesk.collecting import collect_seldom

    collect_seldom()


def child_exit(server: Any, worker: Any) -> None:
    """Forget what only a living worker has to tell."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)


def on_exit(server: Any) -> None:
    """Leave nothing behind."""
    if _ours:
        shutil.rmtree(_ours, ignore_errors=True)
