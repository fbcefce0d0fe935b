"""A lead changes when the department works: sees what moves, keeps it, and requests follow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from requests_app.priority import Priority
from slas.agreements import publish_standard
from slas.engine import Metric
from tests.e2e.browsing import NARROW, Browsing
from tests.e2e.faults import all_faults, axe, sticking_out
from tests.e2e.world import World
from tests.processes.company import Company
from tests.processes.stack import Stack

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("script", [True, False])
def test_a_lead_changes_the_hours_sees_what_moves_and_the_request_shows_the_new_time(
    stack: Stack, company: Company, browsing: Browsing, script: bool
) -> None:
    now = timezone.now()
    metrics: tuple[str, ...] = (Metric.FIRST_RESPONSE, Metric.RESOLUTION)
    day = {(metric, str(one)): timedelta(hours=24) for metric in metrics for one in Priority}
    publish_standard(
        company.provider, at=now, targets=day, calendar=company.provider.calendars.get()
    )
    asked = company.ask(timezone.now())
    page = browsing.page(company.lena.email, script=script)
    page.goto(f"/manage/{company.provider.slug}/calendars/")
    page.get_by_role("link", name="Always").click()
    expect(page.get_by_text("A promise of 4 hours made now would be due")).to_be_visible()
    page.get_by_role("button", name="Add a closed day").click()
    today = now.date()
    page.get_by_label("Day", exact=True).fill(today.isoformat())
    page.get_by_label("Last day, if several").fill((today + timedelta(days=2)).isoformat())
    page.locator("input[name=named-0]").fill("Moving house")
    if script:
        expect(page.locator("#look .day-note").first).to_contain_text("Moving house")
    page.get_by_role("button", name="See what it moves").click()
    row = page.get_by_role("row").filter(has_text=asked.subject)
    expect(row).to_have_count(1)
    expect(row.first).to_contain_text("later")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("1 open request goes by it: 1 due later")).to_be_visible()
    before = asked.due_at
    asked.refresh_from_db()
    assert before is not None
    assert asked.due_at is not None
    assert timedelta(days=2) < asked.due_at - before <= timedelta(days=3, hours=1)
    page.goto(asked.get_absolute_url())
    expect(page.get_by_text("Working hours changed").first).to_be_visible()


def test_rows_come_and_go_by_keys_and_the_place_is_kept(
    stack: Stack, company: Company, browsing: Browsing
) -> None:
    page = browsing.page(company.lena.email)
    page.goto(f"/manage/{company.provider.slug}/calendars/{company.provider.calendars.get().pk}/")
    page.get_by_role("button", name="Add hours (Monday)").press("Enter")
    added = page.get_by_label("Monday, interval 2: opens")
    expect(added).to_be_focused()
    page.keyboard.type("25")
    page.get_by_role("button", name="Next month").press("Enter")
    expect(page.get_by_text("As soon as what is typed can be read")).to_be_visible()
    page.get_by_role("button", name="Remove Monday, interval 2").press("Enter")
    expect(added).to_have_count(0)
    expect(page.get_by_role("button", name="Add hours (Monday)")).to_be_focused()
    page.get_by_role("button", name="Next month").press("Enter")
    expect(page.get_by_role("button", name="Next month")).to_be_focused()


def test_the_pages_of_calendars_are_for_everyone(
    stack: Stack, world: World, browsing: Browsing
) -> None:
    page = browsing.page(world.full.lena.email)
    here = f"/manage/{world.full.provider.slug}/calendars/"
    one = f"{here}{world.full.provider.calendars.get().pk}/"
    assert not all_faults(page, [here, f"{here}new/", one, f"{one}history/", f"{one}requests/"])
    page.goto(one)
    page.get_by_label("Monday, interval 1: opens").fill("nine")
    page.get_by_role("button", name="See what it moves").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert not axe(page)
    page.get_by_label("Monday, interval 1: opens").fill("09:00")
    page.get_by_role("button", name="See what it moves").click()
    expect(page.get_by_role("heading", name="What it moves")).to_be_visible()
    assert not axe(page)
    page.set_viewport_size(NARROW)
    assert not sticking_out(page)
