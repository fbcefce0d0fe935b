"""What must never be false in the data, each constraint tripped."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from calendars.models import CalendarVersion
from catalogue.models import Service
from people.models import Department, User
from requests_app.models import ServiceRequest
from slas.models import (
    Acceptance,
    Agreement,
    AgreementDeed,
    AgreementDraft,
    AgreementVersion,
    AttainmentCount,
    BreachReason,
    Course,
    Coverage,
    MonthsTimes,
    Reapplying,
    Target,
    Terms,
)
from tests import factories
from tests.beforehand import beforehand
from tests.slas.alone import promises_alone
from tests.times import MONDAY_9, MONDAY_10, TUESDAY_9, hours

pytestmark = pytest.mark.django_db


@pytest.fixture
@beforehand
@promises_alone
def request_of_dana(laptop: Service, dana: User) -> ServiceRequest:
    """With a running first response and resolution."""
    return factories.make_service_request(laptop, by=dana, at=MONDAY_9)


def trips(name: str, rows: Any, **values: Any) -> None:
    """Writing these values into the rows (or creating the row) is refused by that constraint."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        rows.update(**values) if values else rows.save(force_insert=True)
    assert f'"{name}"' in str(refused.value)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("clock_state_is_known", {"state": "asleep", "running_since": None, "next_check_at": None}),
        ("clock_counts_from_one", {"cycle": 0}),
        ("clock_runs_since", {"running_since": None}),
        ("clock_stands_still_since", {"paused_since": MONDAY_10}),
        ("clock_stopped_at", {"stopped_at": MONDAY_10, "decided_at": MONDAY_10}),
        ("clock_voided_at", {"voided_at": MONDAY_10}),
        ("clock_that_runs_is_due", {"due_at": None}),
        (
            "clock_that_stands_still_is_not_due",
            {
                "state": "paused",
                "running_since": None,
                "paused_since": MONDAY_10,
                "next_check_at": None,
            },
        ),
        (
            "clock_is_watched_while_it_runs",
            {"state": "void", "running_since": None, "voided_at": MONDAY_10},
        ),
        ("clock_that_runs_is_watched", {"next_check_at": None}),
        (
            "clock_breach_is_its_due_time_and_noticed",
            {
                "breached_at": MONDAY_10,
                "decided_at": MONDAY_10,
                "noticed_at": MONDAY_10,
                "next_check_at": None,
            },
        ),
        ("clock_breach_is_its_due_time_and_noticed", {"noticed_at": MONDAY_10}),
        ("clock_is_decided_once", {"decided_at": MONDAY_10}),
        ("clock_time_is_not_negative", {"budget": timedelta(0)}),
        ("clock_time_is_not_negative", {"used": -hours(1)}),
    ],
)
def test_a_clock_cannot_say_what_cannot_be(
    request_of_dana: ServiceRequest, name: str, values: dict[str, Any]
) -> None:
    trips(name, request_of_dana.clocks.filter(metric="resolution"), **values)


def test_a_promise_has_one_row(request_of_dana: ServiceRequest) -> None:
    clock = request_of_dana.clocks.get(metric="resolution")
    clock.pk = None
    trips("clock_once", clock)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("course_stands_somewhere", {"stands": "lost"}),
        ("course_holding_has_both_versions", {"holding_version": models.F("promise_version")}),
        ("course_answers_at_latest_from_arrival", {"accountable_since": TUESDAY_9}),
        ("course_is_taken_back_from_somebody", {"take_back_at": TUESDAY_9}),
        ("course_is_raised_to_a_priority", {"raise_to": "P9"}),
    ],
)
def test_a_course_cannot_say_what_cannot_be(
    request_of_dana: ServiceRequest, name: str, values: dict[str, Any]
) -> None:
    trips(name, Course.objects.filter(pk=request_of_dana.pk), **values)


def test_a_deed_names_versions_once_for_each_scope(request_of_dana: ServiceRequest) -> None:
    named = Terms.objects.get()
    named.pk = None
    trips("terms_once", named)


def test_a_department_has_one_standard(request_of_dana: ServiceRequest, it: Department) -> None:
    trips("one_standard_each", Agreement(kind="standard", provider=it))


def test_the_organisation_has_one_minimum(db: None) -> None:
    Agreement.objects.create(kind="minimum")
    trips("one_minimum", Agreement(kind="minimum"))


@pytest.fixture
@beforehand
def draft_of_it(it: Department) -> AgreementDraft:
    """Of an agreement that IT writes."""
    agreement = Agreement.objects.create(kind="agreement", provider=it, name="For Finance")
    return AgreementDraft.objects.create(agreement=agreement, conditions={}, changed_at=MONDAY_9)


def test_a_draft_is_a_draft_or_proposed(draft_of_it: AgreementDraft) -> None:
    trips("agreement_draft_stage_is_known", AgreementDraft.objects.all(), stage="lost")


def test_a_deed_on_an_agreement_is_one_of_those_there_are(draft_of_it: AgreementDraft) -> None:
    deed = AgreementDeed(agreement=draft_of_it.agreement, kind="burnt", at=MONDAY_9, number=1)
    trips("agreement_deed_is_known", deed)


def test_a_department_accepts_once(
    request_of_dana: ServiceRequest, draft_of_it: AgreementDraft, it: Department
) -> None:
    version = AgreementVersion.objects.get()
    both = {"draft": draft_of_it, "version": version}
    trips("acceptance_is_of_a_draft_or_a_version", Acceptance(department=it, at=MONDAY_9, **both))
    for name, of in (
        ("draft_accepted_once_by_a_department", {"draft": draft_of_it}),
        ("version_accepted_once_by_a_department", {"version": version}),
    ):
        Acceptance.objects.create(department=it, at=MONDAY_9, **of)
        trips(name, Acceptance(department=it, at=MONDAY_9, **of))


def test_a_version_covers_a_pair_and_service_once(
    request_of_dana: ServiceRequest, it: Department, finance: Department
) -> None:
    version = AgreementVersion.objects.get()
    who = {"provider": it, "client": finance, "version": version}
    Coverage.objects.create(in_force_from=MONDAY_9, in_force_to=MONDAY_10, **who)
    trips("coverage_once", Coverage(in_force_from=MONDAY_10, **who))
    other = request_of_dana.service
    trips(
        "one_version_for_a_pair_and_service", Coverage(in_force_from=MONDAY_9, service=other, **who)
    )


def test_each_breach_has_one_reason_from_the_list(
    request_of_dana: ServiceRequest, dana: User
) -> None:
    clock = {"metric": "resolution", "cycle": 1, "sequence": 1, "by": dana, "at": MONDAY_9}

    def said(reason: str) -> BreachReason:
        return BreachReason(service_request=request_of_dana, reason=reason, **clock)

    trips("breach_reason_is_known", said("bad weather"))
    said("people").save()
    trips("breach_reason_once", said("harder"))


def test_one_thing_at_a_time_is_applied_to_open_requests(
    request_of_dana: ServiceRequest,
) -> None:
    version = AgreementVersion.objects.get()
    hours_of_it = CalendarVersion.objects.get(calendar=version.calendar_id)
    begun = {"started_at": MONDAY_9, "to_do": 1}
    trips("reapplying_is_of_one_thing", Reapplying(**begun))
    for name, of in (
        ("one_reapplying_of_a_calendar_version", {"calendar_version": hours_of_it}),
        ("one_reapplying_of_an_agreement_version", {"agreement_version": version}),
    ):
        Reapplying.objects.create(**begun, **of)
        trips(name, Reapplying(**begun, **of))
        Reapplying.objects.create(**begun, **of, finished_at=MONDAY_10)


@pytest.mark.parametrize("kind", ["standard", "agreement"])
def test_an_agreement_names_its_parties(kind: str) -> None:
    trips("agreement_names_the_parties_of_its_kind", Agreement(kind=kind))


def test_a_minimum_names_nobody(it: Department) -> None:
    trips("agreement_names_the_parties_of_its_kind", Agreement(kind="minimum", provider=it))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("agreement_version_once", {}),
        ("agreement_version_counts_from_one", {"number": 0, "in_force_to": TUESDAY_9}),
        ("one_newest_version_of_an_agreement", {"number": 2, "in_force_from": TUESDAY_9}),
        ("agreement_versions_begin_apart", {"number": 2, "in_force_to": TUESDAY_9}),
        (
            "agreement_version_ends_after_it_begins",
            {"number": 2, "in_force_from": TUESDAY_9, "in_force_to": TUESDAY_9},
        ),
    ],
)
def test_versions_follow_one_another(
    request_of_dana: ServiceRequest, name: str, values: dict[str, Any]
) -> None:
    version = AgreementVersion.objects.get()
    version.pk = None
    for column, value in values.items():
        setattr(version, column, value)
    trips(name, version)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("target_is_a_minute_at_least", {"budget_seconds": 59}),
        ("target_priority_is_known", {"priority": "P9"}),
    ],
)
def test_a_target_is_one_that_can_be_kept(
    request_of_dana: ServiceRequest, name: str, values: dict[str, Any]
) -> None:
    target = Target.objects.get(metric="resolution", priority="P1")
    target.pk, target.metric = None, "holding"
    for column, value in values.items():
        setattr(target, column, value)
    trips(name, target)


def test_a_target_stands_once(request_of_dana: ServiceRequest) -> None:
    target = Target.objects.filter(priority="P1").first()
    assert target is not None
    target.pk = None
    trips("target_once", target)


def test_a_count_stands_once(it: Department) -> None:
    where = {"grain": "day", "cut": "whole", "start": MONDAY_9.date(), "value": 0}
    AttainmentCount.objects.create(provider=it, metric="resolution", **where)
    trips("attainment_count_once", AttainmentCount(provider=it, metric="resolution", **where))


def test_the_times_of_a_month_stand_once_those_of_all_departments_too(db: None) -> None:
    where = {"month": MONDAY_9.date(), "cut": "whole", "value": 0, "n": 1, "at": MONDAY_9}
    MonthsTimes.objects.create(metric="resolution", **where)
    trips("months_times_once", MonthsTimes(metric="resolution", **where))


def test_every_constraint_is_tripped_here() -> None:
    models_here = list(apps.get_app_config("slas").get_models())
    tests = Path(__file__).read_text()
    names = [constraint.name for model in models_here for constraint in model._meta.constraints]
    assert names
    assert [name for name in names if f'"{name}"' not in tests] == []
