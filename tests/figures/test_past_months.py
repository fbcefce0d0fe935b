"""A month that is over stays as it was, whatever happens later."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from calendars import actions as calendar_actions
from calendars.models import Calendar
from feedback import blocks, invitations
from feedback import figures as feedback_figures
from requests_app import actions, figures, timeline
from requests_app.figures import Cut, Grain
from requests_app.kinds import Empty, Via
from requests_app.models import ServiceRequest
from slas import figures as sla_figures
from slas import sweep
from tests import factories
from tests.figures.playing import Desk
from tests.times import at as november

pytestmark = pytest.mark.django_db
CUTS = (Cut.WHOLE, Cut.SERVICE, Cut.CLIENT, Cut.PRIORITY)


def all_figures(desk: Desk, now: datetime, month: date) -> dict[str, Any]:
    """Everything that is said of a month."""
    when = figures.reporting(now)
    said: dict[str, Any] = {}
    days = [day for day in when.days(120) if day.replace(day=1) == month]
    for cut in CUTS:
        for name, sums in (
            ("flow", figures.flows(
                None, when, grain=Grain.MONTH, since=month, until=month, cut=cut).sums),
            ("kept", sla_figures.attainments(
                None, when, grain=Grain.MONTH, since=month, until=month, cut=cut).sums),
            ("said", feedback_figures.satisfaction(
                None, when, grain=Grain.MONTH, since=month, until=month, cut=cut).sums),
        ):  # fmt: skip
            said[f"{name} by {cut}"] = sorted(
                (row[:3] + row[3 : 3 + len(sums.keys)], row[3 + len(sums.keys) :])
                for row in sums.rows
                if any(row[3 + len(sums.keys) :])
            )
        said[f"open by {cut}"] = figures.backlog_by_day(None, when, days, cut)
        measured = sla_figures.times(None, when, [when.month_of(month)], cut)
        said[f"times by {cut}"] = measured.found
    return said


def test_a_past_month_does_not_change_when_anything_later_happens() -> None:
    desk = Desk(seed=7, now=november(1, 0) - timedelta(days=12))
    month = figures.reporting(desk.now).month
    while desk.now < month.end - timedelta(hours=15):
        desk.play(1)
    answered_at_the_last_moment(desk, month.end)
    desk.now = month.end + timedelta(hours=1)
    invitations.advance(desk.now, via=Via.SEED)
    blocks.gather(desk.now)
    desk.fold()
    before = all_figures(desk, desk.now, month.first)
    assert before["kept by whole"]
    assert before["times by whole"]
    other_hours(desk)
    misdirect(desk)
    for request in ServiceRequest.objects.filter(status="resolved"):
        desk.do(request, "reopen")
    desk.play(60)
    sweep.sweep(desk.now, via=Via.SEED)
    desk.fold()
    after = all_figures(desk, desk.now, month.first)
    for name, said in before.items():
        assert after[name] == said, name


def other_hours(desk: Desk) -> None:
    """Every department works round the clock from now on, for what is open, too."""
    for calendar in Calendar.objects.all():
        hours = {day: [("00:00", "24:00")] for day in range(7)}
        calendar_actions.publish_version(
            calendar, zone="Europe/Dublin", hours=hours, by=None, at=desk.now
        )
    with transaction.atomic():
        for request in ServiceRequest.objects.open():
            timeline.record(
                request, "calendar_changed", Empty(), by=None, at=desk.now, via=Via.SEED
            )


def answered_at_the_last_moment(desk: Desk, end: datetime) -> None:
    """Verdicts of a weekend, so that a transfer next month is still within a working hour."""
    for department in desk.departments:
        service = next(one for one in desk.services if one.department_id == department.pk)
        client = next(one for one in desk.people if one.department_id != department.pk)
        desk.now = end - timedelta(hours=3)
        request = factories.make_service_request(service, by=client, at=desk.now, via=Via.SEED)
        desk.now = end - timedelta(hours=2)
        agent = desk.agents[department.pk][0]
        actions.reply(request, message="Words.", by=agent, at=desk.now, via=Via.SEED)


def misdirect(desk: Desk) -> None:
    """Everything that can be is handed on as not ours."""
    for request in ServiceRequest.objects.open():
        other = next(
            one for one in desk.services if one.department_id != request.provider_department_id
        )
        desk.do(request, "transfer", service=other, wrong_department=True)
