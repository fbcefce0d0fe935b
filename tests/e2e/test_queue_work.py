"""The queue while others work in it, and words that stand ready."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from requests_app import actions, canned
from requests_app.lifecycle import Status
from requests_app.models import SavedView, ServiceRequest
from tests.e2e.browsing import Browsing, Clicks
from tests.processes.company import Company
from tests.processes.stack import Stack

pytestmark = pytest.mark.e2e

SOON = 5_500
"""Milliseconds: what changed elsewhere shows within five seconds, and a little for the machine."""


def places(page: Page) -> Any:
    """Where each row lies, from the top."""
    return page.evaluate(
        "() => [...document.querySelectorAll('[data-row]')]"
        ".map((row) => [row.dataset.reference, Math.round(row.getBoundingClientRect().top)])"
    )


def test_what_others_take_shows_within_five_seconds_and_nothing_moves(
    stack: Stack, company: Company, browsing: Browsing
) -> None:
    asked = [company.ask_due_in(600 + n) for n in range(4)]
    page = browsing.page(company.omar.email)
    page.goto(f"/queue/{company.provider.slug}/unassigned/")
    page.get_by_role("checkbox", name=f"Select {asked[3].reference}").check()
    page.keyboard.press("j")
    expect(page.locator("#preview")).to_contain_text(asked[0].reference)
    before = places(page)

    actions.take(asked[1], by=company.lena, at=timezone.now())
    row = page.locator(f"[data-reference='{asked[1].reference}']")
    expect(row).to_contain_text("taken by Lena", timeout=SOON)
    expect(row.locator(".cell-who")).to_contain_text("Lena Nowak")
    company.ask_due_in(300)
    expect(page.locator("[data-live]")).to_contain_text("1 new", timeout=SOON)

    assert places(page) == before
    expect(page.get_by_role("checkbox", name=f"Select {asked[3].reference}")).to_be_checked()
    expect(page.locator("[data-row][aria-current] a.subject")).to_be_focused()
    expect(page.locator("#preview")).to_contain_text(asked[0].reference)


def test_a_row_that_stays_in_the_view_changes_in_its_place(
    stack: Stack, company: Company, browsing: Browsing
) -> None:
    asked = company.ask_due_in(600)
    page = browsing.page(company.omar.email)
    page.goto(f"/queue/{company.provider.slug}/open/")
    actions.prioritise(
        asked, impact="wide", urgency="now", reason="x", by=company.lena, at=timezone.now()
    )
    row = page.locator(f"[data-reference='{asked.reference}']")
    expect(row.locator(".cell-priority")).to_have_text("P1", timeout=SOON)


def test_what_was_taken_is_given_back_by_undo(
    stack: Stack, company: Company, browsing: Browsing
) -> None:
    asked = company.ask_due_in(600)
    page = browsing.page(company.omar.email)
    page.goto(f"/queue/{company.provider.slug}/open/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.get_by_role("toolbar").get_by_role("button", name="Take").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("is as it was")
    asked.refresh_from_db()
    assert (asked.status, asked.assignee) == (Status.NEW, None)


def test_resolving_with_a_canned_reply_takes_three(
    stack: Stack, company: Company, browsing: Browsing
) -> None:
    asked = company.ask_due_in(600)
    canned.keep(
        company.provider, name="Ready", text="Dear {requester_first_name}, it is ready.",
        by=company.lena, at=timezone.now(),
    )  # fmt: skip
    page, click = browsing.page(company.omar.email), Clicks()
    page.goto("/landing/")
    click(page.locator("#preview").get_by_role("link", name="Resolve"))
    choice = page.get_by_role("combobox", name="Canned reply")
    choice.dispatch_event("pointerdown")
    choice.select_option(label="Ready")
    click.count += 1
    expect(page.locator(".composer textarea")).to_have_value("Dear Dana, it is ready.")
    click(page.locator(".composer").get_by_role("button", name="Send and resolve"))
    expect(page.locator(".timeline")).to_contain_text("Dear Dana, it is ready.")
    asked.refresh_from_db()
    assert (asked.status, click.count) == (Status.RESOLVED, 3)


def test_a_canned_reply_goes_in_where_the_cursor_is_by_keys_alone(
    stack: Stack, company: Company, browsing: Browsing
) -> None:
    asked = company.ask_due_in(600)
    now = timezone.now()
    for name in ("First", "Second"):
        canned.keep(company.provider, name=name, text=f"{name}.", by=company.lena, at=now)
    page = browsing.page(company.omar.email)
    page.goto(f"{asked.get_absolute_url()}?act=reply#composer")
    box = page.locator(".composer textarea")
    box.fill("Before")
    page.get_by_role("combobox", name="Canned reply").focus()
    page.keyboard.press("S")
    expect(box).to_have_value("Before")  # passing over a choice is not choosing it
    page.keyboard.press("Enter")
    expect(box).to_have_value("Before\n\nSecond.")
    expect(box).to_be_focused()


def test_without_script_a_canned_reply_and_deeds_on_several_work_too(
    stack: Stack, company: Company, browsing: Browsing
) -> None:
    asked = [company.ask_due_in(600 + n) for n in range(2)]
    canned.keep(
        company.provider, name="Ready", text="It is ready.", by=company.lena, at=timezone.now()
    )
    page = browsing.page(company.lena.email, script=False)
    page.goto(f"{asked[0].get_absolute_url()}?act=resolve")
    page.locator(".canned-links summary").click()
    page.locator(".canned-links a").click()
    expect(page.locator(".composer textarea")).to_have_value("It is ready.")

    page.goto(f"/queue/{company.provider.slug}/open/")
    for one in asked:
        page.get_by_role("checkbox", name=f"Select {one.reference}").check()
    page.get_by_role("button", name="Change priority…").click()
    page.get_by_label("Several people").check()
    page.get_by_role("button", name="Change priority").click()
    expect(page.locator(".field .error")).to_contain_text("Please write a few words.")
    page.get_by_label("Why").fill("Both desks")
    page.get_by_role("button", name="Change priority").click()
    expect(page.locator(".toasts")).to_contain_text("The priority of 2 requests is changed.")
    rows = ServiceRequest.objects.filter(pk__in=company.requests)
    assert set(rows.values_list("impact", flat=True)) == {"team"}


def test_a_view_is_kept_and_its_list_saved_as_a_table(
    stack: Stack, company: Company, browsing: Browsing
) -> None:
    asked = company.ask_due_in(600)
    page = browsing.page(company.omar.email)
    page.goto(f"/queue/{company.provider.slug}/open/?who=nobody")
    page.get_by_role("link", name="Keep this view").click()
    page.get_by_label("Name").fill("Nobody has them")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nobody has them")
    expect(page.locator("nav .side-link[aria-current]")).to_contain_text("Nobody has them")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save this list as a table").click()
    assert asked.reference in saved.value.path().read_text(encoding="utf-8-sig")
    assert SavedView.objects.get(owner=company.omar).query == "who=nobody"


def test_keys_lead_from_a_row_to_assigning_and_resolving(
    stack: Stack, company: Company, browsing: Browsing
) -> None:
    asked = company.ask_due_in(600)
    page = browsing.page(company.omar.email)
    page.goto(f"/queue/{company.provider.slug}/open/")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="All keys")
    for words in ("Take", "Reply", "Assign", "Resolve", "Select the request"):
        expect(dialog).to_contain_text(words)
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.get_by_role("combobox", name="Assign to")).to_be_focused()
    expect(page.get_by_role("checkbox", name=f"Select {asked.reference}")).to_be_checked()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("e")
    page.wait_for_url("**act=resolve**")
    expect(page.locator(".composer textarea")).to_be_focused()
