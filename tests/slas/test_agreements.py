"""Standards of departments, in versions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from people.models import Department
from slas import agreements, terms
from slas.engine import Metric
from slas.models import THE_BEGINNING
from slas.terms import BadTerms
from tests.times import MONDAY_9, MONDAY_10, TUESDAY_9, WEDNESDAY_9, hours

pytestmark = pytest.mark.django_db


def test_a_department_that_said_nothing_promises_the_default(it: Department) -> None:
    version = agreements.standard_version(it.pk, MONDAY_9)
    said = terms.get(agreements.key_of(version))
    assert dict(said.targets) == dict(agreements.DEFAULT_TARGETS)
    assert said.thresholds == {"P1": (50, 75), "P2": (75,), "P3": (75,), "P4": (75,)}
    assert not said.pauses_for_third_party
    assert said.provider_id == it.pk
    assert agreements.standard_version(it.pk, TUESDAY_9) == version


def test_the_first_standard_holds_from_the_beginning(it: Department) -> None:
    version = agreements.publish_standard(it, at=MONDAY_9)
    assert version.in_force_from == THE_BEGINNING
    assert agreements.standard_version(it.pk, MONDAY_9 - timedelta(days=4000)) == version


def test_a_new_version_counts_from_its_moment_on_and_ends_the_one_before(it: Department) -> None:
    first = agreements.publish_standard(it, at=MONDAY_9)
    second = agreements.publish_standard(it, at=TUESDAY_9)
    assert agreements.standard_version(it.pk, TUESDAY_9 - timedelta(microseconds=1)) == first
    assert agreements.standard_version(it.pk, TUESDAY_9) == second
    assert agreements.standard_version(it.pk, WEDNESDAY_9) == second
    first.refresh_from_db()
    assert (first.in_force_to, second.in_force_to, second.number) == (TUESDAY_9, None, 2)


def test_before_its_first_version_that_one_counts(it: Department) -> None:
    only = agreements.publish_standard(it, at=MONDAY_9, in_force_from=TUESDAY_9)
    assert agreements.standard_version(it.pk, MONDAY_9) == only


def test_a_version_cannot_begin_before_the_last(it: Department) -> None:
    agreements.publish_standard(it, at=TUESDAY_9, in_force_from=TUESDAY_9)
    with pytest.raises(BadTerms, match="begins after"):
        agreements.publish_standard(it, at=MONDAY_10)


def test_a_target_under_a_minute_is_refused(it: Department) -> None:
    with pytest.raises(BadTerms, match="a minute at least"):
        agreements.publish_standard(
            it, at=MONDAY_9, targets={(Metric.RESOLUTION, "P1"): timedelta(seconds=59)}
        )


@pytest.mark.parametrize(
    ("thresholds", "says"),
    [
        ({"P1": (75, 50), "P2": (), "P3": (), "P4": ()}, "rise"),
        ({"P1": (100,), "P2": (), "P3": (), "P4": ()}, "between 1 and 99"),
        ({"P1": (0,), "P2": (), "P3": (), "P4": ()}, "between 1 and 99"),
        ({"P1": (50, 50), "P2": (), "P3": (), "P4": ()}, "rise"),
        ({"P1": (50,)}, "no thresholds for P2"),
        ({"P1": (0.5,), "P2": (), "P3": (), "P4": ()}, "whole percents"),
    ],
)
def test_thresholds_that_make_no_sense_are_refused(
    it: Department, thresholds: dict[str, tuple[int, ...]], says: str
) -> None:
    with pytest.raises(BadTerms, match=says):
        agreements.publish_standard(it, at=MONDAY_9, thresholds=thresholds)


def test_targets_are_laid_over_the_defaults(it: Department) -> None:
    version = agreements.publish_standard(
        it, at=MONDAY_9, targets={(Metric.RESOLUTION, "P1"): hours(2)}, pauses_for_third_party=True
    )
    said = terms.get(agreements.key_of(version))
    assert said.budget(Metric.RESOLUTION, "P1") == hours(2)
    assert said.budget(Metric.RESOLUTION, "P2") == hours(8)
    assert said.pauses_for_third_party


def test_holding_is_promised_like_a_resolution_unless_said_otherwise(it: Department) -> None:
    said = terms.get(agreements.key_of(agreements.publish_standard(it, at=MONDAY_9)))
    assert said.budget(Metric.HOLDING, "P2") == hours(8)
    version = agreements.publish_standard(
        it, at=TUESDAY_9, targets={(Metric.HOLDING, "P2"): hours(3)}
    )
    assert terms.get(agreements.key_of(version)).budget(Metric.HOLDING, "P2") == hours(3)


def test_only_the_metrics_that_are_judged_are_promised(it: Department) -> None:
    version = agreements.publish_standard(it, at=MONDAY_9, metrics=[Metric.RESOLUTION])
    said = terms.get(agreements.key_of(version))
    assert said.budget(Metric.FIRST_RESPONSE, "P1") is None
    assert said.budget(Metric.RESOLUTION, "P1") == hours(4)
    version = agreements.publish_standard(it, at=TUESDAY_9, metrics=[Metric.FIRST_RESPONSE])
    said = terms.get(agreements.key_of(version))
    assert said.budget(Metric.NEXT_REPLY, "P1") is None


def test_versions_are_read_once_in_a_process(
    it: Department, django_assert_num_queries: object
) -> None:
    key = agreements.key_of(agreements.standard_version(it.pk, MONDAY_9))
    first = terms.get(key)
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert terms.get(key) is first
