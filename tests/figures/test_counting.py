"""What was counted beforehand: kept up, compared with the facts, put right."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import F
from django.utils import timezone

from catalogue.models import Service
from feedback import figures as feedback_figures
from feedback import invitations
from feedback.actions import rate
from feedback.models import SatisfactionChange, SatisfactionCount
from people.models import Department, Organisation, User
from requests_app import actions, figures, flow
from requests_app.figures import Grain
from requests_app.models import FlowChange, FlowCount, Kept, ServiceRequest, Step, Usual
from requests_app.timeline import followers
from servicedesk import counting
from slas import figures as sla_figures
from slas import sweep, tallied
from slas.models import AttainmentChange, AttainmentCount, MonthsTimes
from tests import factories
from tests.beforehand import beforehand
from tests.times import MONDAY_9, MONDAY_10, NEXT_MONDAY_9, TUESDAY_9, WEDNESDAY_9

pytestmark = pytest.mark.django_db
LATER = NEXT_MONDAY_9 + timedelta(days=20)
"""After the month in which it all happened."""


@pytest.fixture(autouse=True)
def _it_is_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: LATER)


@pytest.fixture
@beforehand
def done(laptop: Service, dana: User, omar: User) -> ServiceRequest:
    """Asked, handed to nobody, resolved, rated."""
    request = factories.make_service_request(laptop, by=dana, at=MONDAY_9)
    actions.resolve(request, message="Done.", by=omar, at=MONDAY_10)
    invitations.advance(TUESDAY_9)
    rate(request.invitations.get().pk, score=5, at=TUESDAY_9)
    return request


@pytest.fixture
@beforehand
def late(laptop: Service, dana: User) -> ServiceRequest:
    """Nobody answered."""
    return factories.make_service_request(laptop, by=dana, at=WEDNESDAY_9)


def said(capsys: Any, *arguments: str) -> tuple[int, str]:
    """What the command says, and how it ends."""
    code = 0
    try:
        call_command("count_figures", *arguments)
    except SystemExit as end:
        code = int(end.code or 0)
    return code, capsys.readouterr().out


def test_nothing_differs_where_nothing_went_wrong(
    done: ServiceRequest, late: ServiceRequest, capsys: Any
) -> None:
    assert said(capsys, "--check") == (0, "0 differences.\n")
    counting.keep_up(LATER)
    assert FlowChange.objects.count() == AttainmentChange.objects.count() == 0
    assert said(capsys, "--check") == (0, "0 differences.\n")


def _too_many_resolved() -> None:
    FlowCount.objects.filter(grain="month", resolved=1).update(resolved=2)


def _a_step_is_missing() -> None:
    Step.objects.filter(kind="resolved").delete()


def _a_step_is_elsewhere() -> None:
    Step.objects.filter(kind="resolved").update(priority="P1")


def _a_verdict_is_lost() -> None:
    AttainmentCount.objects.filter(grain="day", cut="whole").delete()


def _a_change_is_there_twice() -> None:
    change = SatisfactionChange.objects.create(
        at=MONDAY_9, provider=Department.objects.get(key="IT"), answers=1
    )
    assert change.pk


def _a_median_is_wrong() -> None:
    MonthsTimes.objects.update(median=F("median") + timedelta(hours=1))


def _what_is_usual_is_wrong() -> None:
    Usual.objects.update(n=F("n") + 1)


@pytest.mark.parametrize(
    "spoil",
    [
        _too_many_resolved, _a_step_is_missing, _a_step_is_elsewhere, _a_verdict_is_lost,
        _a_change_is_there_twice, _a_median_is_wrong, _what_is_usual_is_wrong,
    ],
)  # fmt: skip
def test_every_fault_is_found_and_put_right(
    done: ServiceRequest, late: ServiceRequest, capsys: Any, spoil: Any
) -> None:
    counting.keep_up(LATER)
    spoil()
    code, words = said(capsys, "--check")
    assert (code, words != "0 differences.\n") == (1, True)
    assert said(capsys, "--check")[0] == 1, "--check changes nothing"
    assert said(capsys)[0] == 0
    assert said(capsys, "--check") == (0, "0 differences.\n")


def test_a_question_that_has_still_time_is_made_anew_too(
    laptop: Service, dana: User, omar: User
) -> None:
    request = factories.make_service_request(laptop, by=dana, at=MONDAY_9)
    actions.resolve(request, message="Done.", by=omar, at=MONDAY_10)
    invitations.advance(TUESDAY_9)
    counting.keep_up(TUESDAY_9)
    assert SatisfactionChange.objects.count() == 1
    SatisfactionChange.objects.all().delete()
    assert len(list(counting.faults(TUESDAY_9))) > 0
    counting.make_anew(TUESDAY_9)
    assert list(counting.faults(TUESDAY_9)) == []
    assert SatisfactionChange.objects.count() == 1
    assert not SatisfactionCount.objects.filter(invited__gt=0).exists()


def test_everything_is_made_where_nothing_was_ever_counted(
    done: ServiceRequest, late: ServiceRequest
) -> None:
    sweep.sweep(LATER)
    counting.keep_up(LATER)
    before = list(FlowCount.objects.order_by("grain", "cut", "start", "value").values_list("asked"))
    for model in (Step, FlowCount, FlowChange, AttainmentCount, AttainmentChange,
                  SatisfactionCount, SatisfactionChange, MonthsTimes, Kept):  # fmt: skip
        model._default_manager.all().delete()
    counting.keep_up(LATER)
    assert list(counting.faults(LATER)) == []
    assert before == list(
        FlowCount.objects.order_by("grain", "cut", "start", "value").values_list("asked")
    )


def test_days_are_those_of_the_reporting_zone_also_after_it_has_changed(
    laptop: Service, dana: User
) -> None:
    factories.make_organisation(reporting_zone="Europe/Dublin")
    factories.make_service_request(laptop, by=dana, at=MONDAY_9)
    counting.keep_up(LATER)
    Organisation.objects.update(reporting_zone="Pacific/Kiritimati")  # fourteen hours ahead
    at = MONDAY_9 + timedelta(hours=1)
    factories.make_service_request(laptop, by=dana, at=at)
    counting.keep_up(LATER)
    when = figures.reporting(LATER)
    found = figures.flows(None, when, grain=Grain.DAY, since=MONDAY_9.date())
    assert [found.of(period=day).asked for day in found.periods] == [1, 1]
    assert list(counting.faults(LATER)) == []


def test_a_late_sweep_changes_no_figure_and_its_day_is_counted(late: ServiceRequest) -> None:
    when = figures.reporting(LATER)
    given: dict[str, Any] = {"grain": Grain.DAY, "since": MONDAY_9.date()}
    counting.keep_up(LATER)
    before = sla_figures.attainments(None, when, **given).sums
    assert sla_figures.late(None, when).of(metric="resolution") == 1
    sweep.sweep(LATER)
    after = sla_figures.attainments(None, when, **given).sums
    assert sorted(before.rows) == sorted(after.rows) != []
    counting.keep_up(LATER)
    assert sorted(sla_figures.attainments(None, when, **given).sums.rows) == sorted(after.rows)
    assert sla_figures.late(None, when).of(metric="resolution") == 1


def test_the_same_events_again_count_once(done: ServiceRequest) -> None:
    before = Step.objects.count(), FlowChange.objects.count()
    flow.follow(list(done.events.all()))
    assert (Step.objects.count(), FlowChange.objects.count()) == before
    assert flow.follow in followers()


def test_folding_in_small_parts_or_twice_comes_to_the_same(
    done: ServiceRequest, late: ServiceRequest
) -> None:
    when = figures.reporting(LATER)
    counting.keep_up(MONDAY_9 - timedelta(days=1))  # makes the rest, before anything counts
    numbers = []
    while folded := flow.TALLY.fold(when, most=1):
        numbers.append(folded)
    assert set(numbers) <= {1}
    assert flow.TALLY.fold(when) == 0
    assert flow.TALLY.faults(when) == []


def test_clocks_that_are_deleted_count_no_longer(done: ServiceRequest) -> None:
    counting.keep_up(LATER)
    clocks = list(done.clocks.values_list("pk", flat=True))
    tallied.TALLY.take_back(clocks)
    done.clocks.all().delete()
    assert tallied.TALLY.faults(figures.reporting(LATER)) == []


@pytest.mark.parametrize("package", [figures, sla_figures, feedback_figures])
def test_every_definition_stands_in_the_manual(package: Any) -> None:
    words = _manual()
    assert all(f"`{name}`" in words for name in package.DEFINITIONS)


def _manual() -> str:
    return (Path(__file__).parents[2] / "docs" / "figures.md").read_text(encoding="utf-8")
