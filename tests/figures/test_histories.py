"""Every figure is what one counts by hand from the events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from feedback import blocks, invitations
from feedback import figures as feedback_figures
from feedback import tallied as answers_tallied
from requests_app import figures, flow
from requests_app.figures import Cut, Grain
from requests_app.kinds import Via
from requests_app.models import FlowChange, Usual
from slas import figures as sla_figures
from slas import tallied
from slas.engine import AT_ONCE, Metric
from tests.figures import counting
from tests.figures.playing import Desk

pytestmark = pytest.mark.django_db
LONG_AGO = date(2026, 1, 1)
PERIODS = (Grain.DAY, Grain.MONTH)
CUTS = (Cut.WHOLE, Cut.SERVICE, Cut.CLIENT, Cut.PRIORITY)


@pytest.fixture(scope="module")
def desk(django_db_setup: None, django_db_blocker: Any) -> Iterator[Desk]:
    """Some ten weeks of a desk, told once for the tests that only read it."""
    with django_db_blocker.unblock(), transaction.atomic():
        played = Desk(seed=20261122)
        played.play(200)
        up_to_date(played)
        yield played
        transaction.set_rollback(True)


def up_to_date(desk: Desk) -> None:
    """What is asked and counted by time was, up to this moment."""
    invitations.advance(desk.now, via=Via.SEED)
    blocks.gather(desk.now)


def read(sums: Any, grain: str, cut: str, measure: str) -> dict[counting.Key, Any]:
    """By period, department and value, what a figure says, where it says anything."""
    found = {}
    for period, department, value in {row[:3] for row in sums.rows}:
        number = sums.of(period, department, value, *[None] * len(sums.keys))[measure]
        if number:
            found[str(grain), str(cut), period, department, value] = number
    return found


def only(by_hand: Any, grain: str, cut: str) -> dict[counting.Key, Any]:
    return {key: n for key, n in by_hand.items() if n and key[:2] == (str(grain), str(cut))}


def test_how_long_it_usually_takes_is_what_the_events_say(desk: Desk) -> None:
    when = figures.reporting(desk.now)
    figures.usual.work_out(when)
    midnight = when.begins(when.today)
    asked, done = counting.usual(when.begins(when.today - timedelta(days=90)), midnight)
    kept = {
        ("department", one.department_id) if one.department_id else ("service", one.service_id): one
        for one in Usual.objects.all()
    }
    assert {key: one.asked for key, one in kept.items() if one.asked} == asked
    assert {key: one.n for key, one in kept.items() if one.n} == {
        key: len(took) for key, took in done.items()
    }
    assert sum(one.n for one in kept.values()) > 20
    for key, took in done.items():
        for share, said in ((0.5, kept[key].median), (0.85, kept[key].percentile_85)):
            assert abs(said - counting.percentile(took, share)) < timedelta(milliseconds=1)
    assert figures.usual.faults() == []


def test_what_came_and_went_is_what_the_events_say(desk: Desk) -> None:
    when = figures.reporting(desk.now)
    by_hand = counting.count(desk.now)
    names = {"handed_on": "transfers"}
    for grain in PERIODS:
        for cut in CUTS:
            sums = figures.flows(None, when, grain=grain, since=LONG_AGO, cut=cut).sums
            for measure in ("asked", "resolved", "reopened", "cancelled", "declined", "handed_on",
                            "change"):  # fmt: skip
                counted = by_hand.flow[names.get(measure, measure)]
                assert sum(map(abs, counted.values())) > 0, f"{measure} is not played"
                assert read(sums, grain, cut, measure) == only(counted, grain, cut), measure
            for holder in flow.HOLDERS:
                took = by_hand.held[holder]
                assert took, f"{holder} is not played"
                assert read(sums, grain, cut, f"held_{holder}") == only(took, grain, cut), holder


def test_verdicts_are_those_of_the_deeds(desk: Desk) -> None:
    when = figures.reporting(desk.now)
    for metric in Metric:
        by_hand = counting.decided(desk.now, metric)
        assert by_hand["met"]
        assert by_hand["missed"]
        for grain, cut in [(g, c) for g in PERIODS for c in CUTS] + [(Grain.MONTH, Cut.ASKED)]:
            sums = sla_figures.attainments(
                None, when, grain=grain, since=LONG_AGO, cut=cut, metrics=[metric]
            ).sums
            for measure in ("met", "missed", "ended"):
                assert read(sums, grain, cut, measure) == only(by_hand[measure], grain, cut)


def test_late_and_at_risk_are_those_of_the_deeds(desk: Desk) -> None:
    when = figures.reporting(desk.now)
    clocks = counting.verdicts(desk.now)
    for cut in CUTS:
        late: Counter[Any] = Counter()
        risk: Counter[Any] = Counter()
        for one in clocks:
            clock, value = one.clock, dict(one.cuts)[cut]
            key = (str(clock.metric), clock.department_id, value)
            late[key] += clock.is_open and clock.breached_at is not None
            risk[key] += clock.state == "running" and clock.is_pending and clock.warned > 0
        for numbers, by_hand in (
            (sla_figures.late(None, when, cut), late),
            (sla_figures.risk(None, when, cut), risk),
        ):
            assert {key: n for key in by_hand if (n := _of(numbers, key))} == +by_hand
            assert sum(by_hand.values()) == sum(numbers.of(metric=one) for one in Metric)
    assert +late
    assert +risk


def _of(numbers: Any, key: tuple[str, int, int]) -> int:
    metric, department, value = key
    found: int = numbers.of(metric=metric, department=department, value=value)
    return found


def test_what_is_open_now_at_the_end_of_each_day_and_how_old_it_is(desk: Desk) -> None:
    when = figures.reporting(desk.now)
    spans = counting.count(desk.now).open_spans
    days = when.days(60)
    for department in [None, *[one.pk for one in desk.departments]]:
        ids = None if department is None else [department]
        of_it = [one for one in spans if department in (None, one[2].provider)]
        ends = {day: min(when.bounds(day)[1], desk.now + timedelta.resolution) for day in days}
        assert figures.backlog_by_day(ids, when, days) == {
            day: sum(1 for start, end, _ in of_it if start < at and (end is None or end >= at))
            for day, at in ends.items()
        }
        still = [place for _start, end, place in of_it if end is None]
        assert figures.backlog(ids, when).of() == len(still) > 0
        old = [(when.today - when.day_of(place.asked)).days for place in still]
        assert figures.backlog_ages(ids, when).of() == [
            sum(age.holds(days) for days in old) for age in figures.AGES
        ]
        for age, n in zip(figures.AGES, figures.backlog_ages(ids, when).of(), strict=True):
            assert figures.open_requests(ids, when, age=age).count() == n
    for cut in CUTS:
        open_now = Counter(
            (p.provider, dict(counting.cuts(p))[cut]) for _, end, p in spans if not end
        )
        rows = figures.backlog(None, when, cut)
        for (department, value), n in open_now.items():
            assert rows.of(department=department, value=value) == n
        assert rows.of() == sum(open_now.values())


def test_satisfaction_is_what_was_said(desk: Desk) -> None:
    when = figures.reporting(desk.now)
    by_hand = counting.answers(desk.now)
    for grain in PERIODS:
        for cut in (Cut.WHOLE, Cut.SERVICE, Cut.CLIENT):
            sums = feedback_figures.satisfaction(
                None, when, grain=grain, since=LONG_AGO, cut=cut
            ).sums
            for measure in ("answers", "satisfied", "invited", "answered"):
                assert by_hand[measure]
                assert read(sums, grain, cut, measure) == only(by_hand[measure], grain, cut)


def test_times_are_those_of_the_clocks_that_ended(desk: Desk) -> None:
    when = figures.reporting(desk.now)
    with transaction.atomic():
        sla_figures.advance(desk.now)
        for month in when.months(4):
            sla_figures.renew(month, desk.now)
        for cut in CUTS:
            found = sla_figures.times(None, when, when.months(4), cut)
            took: dict[Any, list[tuple[timedelta, timedelta]]] = {}
            for one in counting.verdicts(desk.now):
                clock = one.clock
                if clock.stopped_at is None or clock.metric not in AT_ONCE:
                    continue
                first = counting.local(clock.stopped_at).replace(day=1)
                key = (str(clock.metric), first, clock.department_id, dict(one.cuts)[cut])
                both = (clock.used, clock.stopped_at - clock.started_at)
                took.setdefault(key, []).append(both)
                if cut == Cut.WHOLE:
                    took.setdefault((str(clock.metric), first, None, 0), []).append(both)
            assert {key: one.n for key, one in found.found.items()} == {
                key: len(some) for key, some in took.items()
            }
            for key, some in took.items():
                time, used, wall = found.found[key], [a for a, _ in some], [b for _, b in some]
                for share, names in (
                    (0.5, ("median", "median_on_the_wall")),
                    (0.9, ("ninetieth", "ninetieth_on_the_wall")),
                ):
                    for name, lengths in zip(names, (used, wall), strict=True):
                        off = abs(getattr(time, name) - percentile(lengths, share))
                        assert off <= timedelta(microseconds=2)
        transaction.set_rollback(True)


def percentile(lengths: list[timedelta], share: float) -> timedelta:
    """Between the two neighbours, in proportion."""
    ordered = sorted(lengths)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def test_the_lists_behind_the_figures_hold_what_is_counted(desk: Desk) -> None:
    when = figures.reporting(desk.now)
    ids = [one.pk for one in desk.departments[:2]]
    months = when.months(3)
    for cut in CUTS:
        kept = sla_figures.attainments(ids, when, grain=Grain.MONTH, since=months[0].first, cut=cut)
        flows = figures.flows(ids, when, grain=Grain.MONTH, since=months[0].first, cut=cut)
        late, risk = sla_figures.late(ids, when, cut), sla_figures.risk(ids, when, cut)
        open_now = figures.backlog(ids, when, cut)
        for value in kept.values:
            for metric in Metric:
                for month in months:
                    for met in (True, False):
                        clocks = sla_figures.decided_clocks(
                            ids, metric, month.start, month.end, met=met, cut=cut, value=value,
                            reporting=when,
                        )  # fmt: skip
                        one = kept.of(metric=metric, period=month.first, value=value)
                        assert clocks.count() == (one.met if met else one.missed)
                    ended = sla_figures.stopped_clocks(
                        ids, metric, month.start, month.end, cut=cut, value=value
                    )
                    assert ended.count() == kept.stopped(
                        metric=metric, period=month.first, value=value
                    )
                behind = sla_figures.late_clocks(ids, metric, desk.now, cut=cut, value=value)
                assert behind.count() == late.of(metric=metric, value=value)
                behind = sla_figures.clocks_at_risk(ids, metric, desk.now, cut=cut, value=value)
                assert behind.count() == risk.of(metric=metric, value=value)
            assert figures.open_requests(ids, when, cut=cut, value=value).count() == open_now.of(
                value=value
            )
            for month in months:
                flow_of_it = flows.of(period=month.first, value=value)
                for kind, n in (
                    ("submitted", flow_of_it.asked),
                    ("resolved", flow_of_it.resolved),
                    ("reopened", flow_of_it.reopened),
                    ("transferred", flow_of_it.transfers),
                ):
                    steps = figures.moved(ids, kind, month.start, month.end, cut=cut, value=value)
                    assert steps.count() == n


def test_an_hour_of_the_week_opens_the_clocks_that_it_counts(desk: Desk) -> None:
    when = figures.reporting(desk.now)
    month = when.last_month
    kept = sla_figures.attainments(
        None, when, grain=Grain.MONTH, since=month.first, until=month.first, cut=Cut.ASKED
    )
    together = sla_figures.attainments(
        None, when, grain=Grain.MONTH, since=month.first, until=month.first, cut=Cut.ASKED,
        together=True,
    )  # fmt: skip
    assert kept.values
    for value in kept.values:
        one = kept.of(metric=Metric.RESOLUTION, period=month.first, value=value)
        assert one == together.of(metric=Metric.RESOLUTION, value=value)
        clocks = sla_figures.decided_clocks(
            None, Metric.RESOLUTION, month.start, month.end, cut=Cut.ASKED, value=value,
            reporting=when,
        )  # fmt: skip
        assert clocks.count() == one.n


def test_what_was_counted_beforehand_differs_in_nothing_from_the_facts(desk: Desk) -> None:
    when = figures.reporting(desk.now)
    with transaction.atomic():
        for _ in range(2):  # as it was left in the middle of folding, and once all is folded
            assert list(flow.faults(when)) == []
            assert tallied.TALLY.faults(when) == []
            assert answers_tallied.TALLY.faults(when) == []
            assert FlowChange.objects.exists() == (_ == 0)
            desk.fold()
        transaction.set_rollback(True)
