"""What Prometheus reads, and who else may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings as SettingsWrapper

from people.models import User
from servicedesk import meters, tasks
from servicedesk.celery import app
from slas import tasks as sla_tasks
from tests import factories
from tests.times import MONDAY_NOON

TOKEN = "a token of the tests, long enough"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def read(settings: SettingsWrapper) -> Any:
    """The value of one line of /metrics; None if it is not there."""
    settings.METRICS_TOKEN = TOKEN

    def value(line: str) -> float | None:
        answer = Client().get("/metrics", headers=BEARER)
        assert answer.status_code == 200
        found = [it for it in answer.content.decode().splitlines() if it.startswith(f"{line} ")]
        return float(found[0].rpartition(" ")[2]) if found else None

    return value


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["", "Bearer", "Bearer ", TOKEN, f"Bearer {TOKEN}x"])
def test_without_the_token_there_is_no_such_page(settings: SettingsWrapper, given: str) -> None:
    for settings.METRICS_TOKEN in ("", TOKEN):
        assert Client().get("/metrics", headers={"Authorization": given}).status_code == 404


@pytest.mark.django_db
def test_with_it_whatever_host_is_asked_for_and_without_a_session(read: Any) -> None:
    answer = Client().get("/metrics", headers=BEARER | {"Host": "10.0.0.7:8000"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert not answer.cookies


@pytest.mark.django_db
def test_requests_are_counted_by_view_and_status_and_never_by_address(
    read: Any, client: Client
) -> None:
    factories.make_organisation()
    line = 'servicedesk_http_requests_total{method="GET",status="404",view="(none)"}'
    before = read(line) or 0
    for number in range(3):
        client.get(f"/nothing/{number}/")
    assert read(line) == before + 3
    assert read('servicedesk_http_request_seconds_count{view="(none)"}') >= 3
    view = 'servicedesk_http_queries_total{view="account_login"}'
    asked = read(view) or 0
    client.get("/accounts/login/")
    assert read(view) > asked


@pytest.mark.django_db
def test_the_state_of_the_desk_is_asked_for_when_somebody_reads(
    read: Any, laptop: Any, dana: User
) -> None:
    tasks.beat()
    service_request = factories.make_service_request(laptop, by=dana, at=MONDAY_NOON)
    assert read('servicedesk_up{what="database"}') == 1
    assert 0 <= read("servicedesk_beat_age_seconds") < 60
    waiting = service_request.clocks.filter(next_check_at__isnull=False).count()
    assert waiting
    assert read("servicedesk_sweep_waiting") == waiting
    assert read("servicedesk_sweep_oldest_age_seconds") > 0
    assert read("servicedesk_outbox_waiting") > 0


@pytest.mark.django_db
def test_the_sweep_tells_what_it_wrote_and_how_late(read: Any, laptop: Any, dana: User) -> None:
    names = (
        'servicedesk_sweep_findings_total{kind="breached"}',
        "servicedesk_sweep_lag_seconds_count",
        "servicedesk_sweep_lag_seconds_sum",
        "servicedesk_sweep_seconds_count",
    )
    before = [read(name) or 0 for name in names]
    factories.make_service_request(laptop, by=dana, at=MONDAY_NOON)
    sla_tasks.sweep()
    breached, written, late, runs = (
        read(name) - was for name, was in zip(names, before, strict=True)
    )
    assert breached > 0
    assert written >= breached
    assert late > timedelta(days=1).total_seconds()  # they were due long ago
    assert runs == 1


def test_tasks_are_counted_by_how_they_ended(read: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(outcome: str) -> float:
        line = f'servicedesk_tasks_total{{outcome="{outcome}",task="slas.tasks.sweep"}} '
        text = meters.written(state=False).decode()
        return sum(float(it.rpartition(" ")[2]) for it in text.splitlines() if it.startswith(line))

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("slas.sweep.sweep", broken)
    before = ended("failed")
    with pytest.raises(RuntimeError):
        app.tasks["slas.tasks.sweep"]()
    assert ended("failed") == before + 1
