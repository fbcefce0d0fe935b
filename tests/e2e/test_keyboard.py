"""Everything by keys alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from requests_app.lifecycle import Status
from requests_app.models import ServiceRequest
from tests.e2e.browsing import Browsing
from tests.processes.company import Company
from tests.processes.person import PASSWORD
from tests.processes.stack import Stack, wait_until

pytestmark = pytest.mark.e2e


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Go on with Tab until something like this has the focus."""
    for _ in range(most):
        if page.evaluate("(sel) => document.activeElement.matches(sel)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not to be reached by Tab on {page.url}")


def test_a_request_is_filed_with_keys_alone(
    stack: Stack, company: Company, browsing: Browsing
) -> None:
    page = browsing.visitor()
    page.goto("/accounts/login/")
    tab_to(page, "input[name=login]")
    page.keyboard.type(company.dana.email)
    tab_to(page, "input[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Dana")

    page.keyboard.press("/")
    expect(page.get_by_role("searchbox").first).to_be_focused()
    page.keyboard.type(company.service.name)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=Door**")
    tab_to(page, f"a[href='{company.path}']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{company.path}")
    tab_to(page, "textarea")
    page.keyboard.type("By keys alone.")
    tab_to(page, "input[name=urgency]")
    page.keyboard.press("ArrowUp")
    tab_to(page, "button[type=submit].button-main")
    page.keyboard.press("Enter")
    page.wait_for_url("**/requests/**")
    asked = ServiceRequest.objects.get(requester=company.dana)
    assert asked.answers == {"details": "By keys alone."}
    assert asked.urgency == "now"


def test_the_queue_is_worked_with_keys_alone(
    stack: Stack, company: Company, browsing: Browsing
) -> None:
    references = [company.ask_due_in(600 + n).reference for n in range(3)]
    page = browsing.page(company.omar.email)
    page.goto(f"/queue/{company.provider.slug}/open/")
    current = page.locator("[data-row][aria-current]")
    for key, expected in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        expect(current).to_contain_text(references[expected])
    expect(page.locator("#preview")).to_contain_text(references[1])

    page.keyboard.press("c")
    write_the_reply(page, references[1])
    assert taken_by_omar(company) == {references[1]}

    page.goto(f"/queue/{company.provider.slug}/open/")
    page.keyboard.press("j")
    page.keyboard.press("r")
    write_the_reply(page, references[0])


def write_the_reply(page: Page, reference: str) -> None:
    page.wait_for_url(f"**/requests/{reference}/**")
    expect(page.locator(".composer textarea")).to_be_focused()
    page.keyboard.type("It is on its way.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".timeline")).to_contain_text("It is on its way.")


def taken_by_omar(company: Company) -> set[str]:
    rows = ServiceRequest.objects.filter(
        pk__in=company.requests, status=Status.IN_PROGRESS, assignee=company.omar
    )
    return set(rows.values_list("reference", flat=True))


def test_a_key_acts_on_the_ticked_rows_where_there_are_some(
    stack: Stack, company: Company, browsing: Browsing
) -> None:
    references = [company.ask_due_in(600 + n).reference for n in range(3)]
    page = browsing.page(company.omar.email)
    page.goto(f"/queue/{company.provider.slug}/open/")
    for key in "jxjxj":
        page.keyboard.press(key)
    expect(page.locator("#preview")).to_contain_text(references[2])
    page.keyboard.press("c")
    wait_until("both are taken", lambda: taken_by_omar(company) == set(references[:2]))


def test_the_list_of_keys_opens_with_a_question_mark_and_closes_with_escape(
    stack: Stack, company: Company, browsing: Browsing
) -> None:
    company.ask_due_in(600)
    page = browsing.page(company.omar.email)
    page.goto(f"/queue/{company.provider.slug}/open/")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="All keys")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Next and previous request")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.type("?")  # while one types, a key is a letter
    expect(dialog).to_be_hidden()


def test_the_first_tab_leads_past_the_frame(
    stack: Stack, company: Company, browsing: Browsing
) -> None:
    page = browsing.page(company.omar.email)
    page.goto("/requests/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
