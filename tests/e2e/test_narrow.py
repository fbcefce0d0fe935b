"""On a telephone: the composer is at hand, the side bar is a sheet that keys open and close."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import NARROW, Browsing
from tests.e2e.world import World

pytestmark = pytest.mark.e2e


def test_the_composer_is_in_sight_without_scrolling(world: World, browsing: Browsing) -> None:
    for person in (world.full.dana, world.full.omar):
        with browsing.as_(person.email, viewport=NARROW, has_touch=True) as page:
            page.goto(world.like["taken"])
            expect(page.locator(".composer").get_by_role("button").last).to_be_in_viewport()
            expect(page.locator(".composer textarea")).to_be_in_viewport()
            page.evaluate("scrollTo(0, document.body.scrollHeight / 2)")
            expect(page.locator(".composer textarea")).to_be_in_viewport()


def test_the_side_bar_is_a_sheet_that_keys_open_and_close(world: World, browsing: Browsing) -> None:
    page = browsing.page(world.full.lena.email, viewport=NARROW)
    page.goto(f"/queue/{world.full.provider.slug}/open/")
    side = page.get_by_role("navigation", name="Views and pages")
    expect(side).to_be_hidden()
    opener = page.get_by_role("button", name="Views and pages")
    opener.focus()
    page.keyboard.press("Enter")
    expect(side).to_be_visible()
    page.keyboard.press("Escape")
    expect(side).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    expect(side.locator("[aria-current]")).to_be_focused()
    for _ in range(side.locator("a, button").count() + 3):  # round and round, and never out of it
        page.keyboard.press("Tab")
        assert side.locator(":focus").count() == 1
    side.get_by_role("link", name="Mine").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/mine/")


def test_rows_of_the_queue_are_cards_that_lead_to_the_request(
    world: World, browsing: Browsing
) -> None:
    page = browsing.page(world.full.lena.email, viewport=NARROW, has_touch=True)
    page.goto(f"/queue/{world.full.provider.slug}/open/")
    page.locator("[data-row] a.subject").first.tap()
    page.wait_for_url("**/requests/**")
