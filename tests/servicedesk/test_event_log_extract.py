"""What an import of the extract leaves behind: imported once, looked at by all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from notices.models import Notice, OutboxMail
from people.models import User
from requests_app.lifecycle import Status
from requests_app.models import Event, ServiceRequest
from servicedesk.event_log.mapping import load
from servicedesk.event_log.report import Report
from slas.models import Clock
from tests.servicedesk.test_event_log import EXTRACT, SHIPPED, rows_of_extract, run


@pytest.fixture(scope="module")
def imported(django_db_setup: None, django_db_blocker: Any) -> Iterator[Report]:
    """The extract, imported once for all who only look at it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield run()
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_the_report_accounts_for_every_row_once(imported: Report) -> None:
    rows = rows_of_extract()
    assert imported.rows == len(rows)
    assert imported.adds_up
    assert imported.cases == len({row["number"] for row in rows}) == ServiceRequest.objects.count()


@pytest.mark.django_db
@pytest.mark.usefixtures("imported")
def test_each_case_ends_where_the_log_leaves_it() -> None:
    assert set(ServiceRequest.objects.values_list("status", flat=True)) == {Status.CLOSED}
    starts = {
        row["number"]: datetime.strptime(row["opened_at"], "%d-%m-%Y %H:%M")  # noqa: DTZ007
        for row in rows_of_extract()
    }
    plain = ServiceRequest.objects.get(source_case="INC0000045")
    local = plain.submitted_at.astimezone(load(SHIPPED).zone).replace(tzinfo=None)
    assert local == starts["INC0000045"]
    assert plain.client_department.name.startswith("Location 143")


@pytest.mark.django_db
@pytest.mark.usefixtures("imported")
def test_a_second_run_changes_nothing() -> None:
    events, people = Event.objects.count(), User.objects.count()
    report = run()
    assert report.cases == 0
    assert report.cases_here_already == ServiceRequest.objects.count()
    assert report.adds_up
    assert (Event.objects.count(), User.objects.count()) == (events, people)


@pytest.mark.django_db
@pytest.mark.usefixtures("imported")
def test_an_import_tells_nobody() -> None:
    assert not Notice.objects.exists()
    assert not OutboxMail.objects.exists()
    assert set(Event.objects.values_list("via", flat=True)) == {"import"}


@pytest.mark.django_db
def test_a_change_of_group_after_the_end_is_refused_once_with_its_row(imported: Report) -> None:
    (refusal,) = [one for one in imported.refusals if one.case == "INC0000885"]
    assert "transfer" in refusal.reason
    row = EXTRACT.read_text(encoding="utf-8").splitlines()[refusal.row - 1]
    assert row.startswith("INC0000885,Resolved")


@pytest.mark.django_db
def test_the_last_word_on_their_promise_counts(imported: Report) -> None:
    last: dict[str, tuple[datetime, str]] = {}
    for row in rows_of_extract():
        at = datetime.strptime(row["sys_updated_at"], "%d-%m-%Y %H:%M")  # noqa: DTZ007
        if row["number"] not in last or at >= last[row["number"]][0]:
            last[row["number"]] = (at, row["made_sla"])
    said = {
        ServiceRequest.objects.get(pk=pk).source_case: kept
        for pk, kept in imported.verdicts.items()
    }
    assert said == {case: verdict == "TRUE" for case, (_at, verdict) in last.items()}
    assert sum(imported.comparison(("resolution",)).values()) == imported.cases


@pytest.mark.django_db
@pytest.mark.usefixtures("imported")
def test_only_the_judged_metrics_are_promised() -> None:
    assert set(Clock.objects.values_list("metric", flat=True)) <= {"resolution", "holding"}


@pytest.mark.django_db
@pytest.mark.usefixtures("imported")
def test_people_of_the_log_cannot_sign_in() -> None:
    for person in User.objects.all():
        assert not person.is_active
        assert not person.has_usable_password()
