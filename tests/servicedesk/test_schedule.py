"""What the beat starts exists, expires, and comes as often as the settings say."""

from __future__ import annotations

import pytest
from django.conf import settings

from servicedesk.celery import app, schedule


def test_every_tick_names_a_task_that_the_worker_knows() -> None:
    app.loader.import_default_modules()
    wanted = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert wanted >= {
        "slas.tasks.sweep",
        "notices.tasks.deliver",
        "feedback.tasks.advance",
        "requests_app.tasks.advance",
    }
    assert wanted <= set(app.tasks)


def test_the_pace_of_the_sweep_and_of_the_mail_is_a_setting() -> None:
    planned = schedule(sweep=7, deliver=3)
    assert planned["sweep-clocks"]["schedule"] == 7
    assert planned["deliver-notices"]["schedule"] == 3


@pytest.mark.parametrize("name", sorted(schedule(sweep=10, deliver=5)))
def test_a_tick_nobody_took_expires_when_the_next_one_is_due(name: str) -> None:
    entry = schedule(sweep=10, deliver=5)[name]
    assert entry["options"]["expires"] == entry["schedule"] > 0


def test_the_worker_waits_for_a_broker_that_is_away() -> None:
    assert app.conf.broker_connection_retry_on_startup is True
    assert app.conf["broker_connection_max_retries"] is None
    assert app.conf.broker_url == settings.REDIS_URL


def test_no_result_is_kept_anywhere() -> None:
    assert app.conf["result_backend"] is None
    assert app.conf.task_ignore_result is True
