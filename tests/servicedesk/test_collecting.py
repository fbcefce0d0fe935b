"""What lives long looks for garbage seldom: pages, tasks."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from django.conf import settings

BEGIN = {
    "a web process": "import runpy; runpy.run_path('gunicorn.conf.py')['post_worker_init'](None)",
    "a process of the worker": (
        "from celery import signals; import servicedesk.celery\n"
        "signals.worker_process_init.send(sender=None)"
    ),
}
TELL = "\nimport gc, json; print(json.dumps([*gc.get_threshold(), gc.get_freeze_count() > 10_000]))"


@pytest.mark.parametrize("begin", BEGIN.values(), ids=list(BEGIN))
def test_it_leaves_what_was_imported_alone(begin: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", begin + TELL],
        cwd=settings.ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    assert json.loads(told.stdout) == [50_000, 20, 20, True]
