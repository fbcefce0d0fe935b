"""A lead builds a conditional form in the browser: with script, by keys, and without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from catalogue.actions import draft_of
from catalogue.models import Service
from tests.e2e.browsing import Browsing
from tests.processes.company import Company
from tests.processes.stack import Stack

pytestmark = pytest.mark.e2e


def write(page: Page, label: str, kind: str, *, choices: str = "", shown: str = "") -> None:
    """Add a question from the form's page."""
    page.get_by_role("link", name="Add a question").click()
    page.get_by_label("Question", exact=True).fill(label)
    page.get_by_label("The answer is").select_option(kind)
    if choices:
        page.get_by_label("Choices").fill(choices)
    if shown:
        page.get_by_label("When is it asked?").select_option(label=shown)
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("link", name=label)).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_a_lead_registers_a_service_with_a_conditional_form_and_a_colleague_is_asked_it(
    stack: Stack, company: Company, browsing: Browsing, script: bool
) -> None:
    page = browsing.page(company.lena.email, script=script)
    page.goto(f"/manage/{company.provider.slug}/services/")
    page.get_by_role("link", name="New service").click()
    page.get_by_label("Name", exact=True).fill("Parking space")
    page.get_by_label("In one line").fill("A place for your car.")
    page.get_by_role("button", name="Register the service").click()
    page.wait_for_url("**/parking-space/form/")
    write(page, "Car or bike?", "choice", choices="Car\nBike")
    write(page, "Number plate", "short_text", shown="Only if “Car or bike?” is “Car”")
    page.get_by_role("link", name="Go on to publish").click()
    page.get_by_role("button", name="Publish the service").click()
    expect(page.get_by_text("Asked now")).to_be_visible()

    asker = browsing.page(company.dana.email, script=script)
    asker.goto(f"/services/{company.provider.slug}/parking-space/")
    asker.get_by_label("Bike").check()
    expect(asker.get_by_label("Number plate")).to_be_visible(visible=not script)
    asker.get_by_label("Car", exact=True).check()
    expect(asker.get_by_label("Number plate")).to_be_visible()


def test_questions_are_put_in_order_by_keys_and_by_hand(
    stack: Stack, company: Company, browsing: Browsing
) -> None:
    page = browsing.page(company.lena.email)
    page.goto(f"/manage/{company.provider.slug}/services/badge/form/")
    for label in ("First", "Second"):
        write(page, label, "number")

    def order() -> list[str]:
        service = Service.objects.get(pk=company.service.pk)
        return [one.key for one in draft_of(service).spec.fields]

    rows = page.locator("[data-question]")
    page.locator("#handle-second").focus()
    for number in (2, 1):
        page.keyboard.press("Alt+ArrowUp")
        expect(rows.nth(number - 1)).to_have_attribute("data-question", "second")
        expect(page.locator("#said")).to_have_text(f"“Second” is now question {number}.")
        expect(page.locator("#handle-second")).to_be_focused()
    assert order() == ["second", "details", "first"]

    start, end = page.locator("#handle-second").bounding_box(), rows.nth(2).bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 16, start["y"] + 16)
    page.mouse.down()
    page.mouse.move(start["x"] + 16, end["y"] + end["height"] - 4, steps=12)
    page.mouse.up()
    expect(page.locator("#said")).to_have_text("The order is kept.")
    assert order() == ["details", "first", "second"]
    page.get_by_role("button", name="Undo").click()
    expect(rows.first).to_have_attribute("data-question", "second")
