"""How many clicks a task takes, from the page one lands on after signing in; typing is free."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from requests_app import actions
from requests_app.lifecycle import Status
from requests_app.models import ServiceRequest
from tests import factories
from tests.e2e.browsing import Browsing, Clicks
from tests.e2e.test_story import rating_link
from tests.processes.company import Company
from tests.processes.stack import Stack

pytestmark = pytest.mark.e2e


def test_asking_for_a_known_service_takes_two(
    stack: Stack, company: Company, browsing: Browsing
) -> None:
    page, click = browsing.page(company.dana.email), Clicks()
    page.goto("/landing/")
    page.get_by_role("searchbox").first.fill(f"badge {company.provider.name}")
    page.get_by_role("searchbox").first.press("Enter")
    click(page.locator(f"a[href='{company.path}']").first)
    page.get_by_label("What is it about?").fill("One badge.")
    click(page.get_by_role("button", name="Send the request"))
    page.wait_for_url(re.compile(r"/requests/[A-Z]"))
    assert click.count == 2


def test_where_a_request_stands_is_seen_without_a_click(
    stack: Stack, company: Company, browsing: Browsing
) -> None:
    asked = company.ask_due_in(600)
    page = browsing.page(company.dana.email)
    page.goto("/landing/")
    row = page.locator("section").filter(has=page.get_by_role("heading", name="My requests"))
    expect(row).to_contain_text(asked.reference)
    expect(row).to_contain_text("Received")


def test_a_question_is_answered_with_two(
    stack: Stack, company: Company, browsing: Browsing
) -> None:
    asked = company.ask_due_in(600)
    actions.ask(
        asked, by=company.omar, at=timezone.now(), message="Which door?",
        look_again_on=(timezone.now() + timedelta(days=2)).date(),
    )  # fmt: skip
    page, click = browsing.page(company.dana.email), Clicks()
    page.goto("/landing/")
    click(page.get_by_role("link", name=f"Answer {asked.reference}"))
    page.locator(".composer textarea").fill("The front door.")
    click(page.locator(".composer").get_by_role("button", name="Send the answer"))
    expect(page.locator(".timeline")).to_contain_text("The front door.")
    asked.refresh_from_db()
    assert (asked.status, click.count) == (Status.IN_PROGRESS, 2)


def test_rating_from_the_mail_takes_two(stack: Stack, company: Company, browsing: Browsing) -> None:
    asked = company.ask(timezone.now())
    actions.resolve(asked, by=company.omar, at=timezone.now(), message="Done.")
    link = rating_link(stack, company)
    page, click = browsing.visitor(), Clicks()
    page.goto(f"{link}?score=4")  # the first click, in the mail
    click.count += 1
    expect(page.get_by_role("radio", name=re.compile("4"))).to_be_checked()
    click(page.get_by_role("button", name="Send"))
    expect(page.locator("body")).to_contain_text("Thank you")
    assert click.count == 2


def test_confirming_takes_one(stack: Stack, company: Company, browsing: Browsing) -> None:
    asked = company.ask(timezone.now())
    actions.resolve(asked, by=company.omar, at=timezone.now(), message="Done.")
    page, click = browsing.page(company.dana.email), Clicks()
    page.goto("/landing/")
    click(page.get_by_role("button", name=f"It works {asked.reference}"))
    page.wait_for_load_state("networkidle")
    asked.refresh_from_db()
    assert (asked.status, click.count) == (Status.CLOSED, 1)


def test_what_breaches_next_stands_on_top_of_the_page_one_lands_on(
    stack: Stack, company: Company, browsing: Browsing
) -> None:
    later, sooner = company.ask_due_in(900), company.ask_due_in(600)
    page = browsing.page(company.omar.email)
    page.goto("/landing/")
    rows = page.locator("[data-row]")
    expect(rows.nth(0)).to_contain_text(sooner.reference)
    expect(rows.nth(1)).to_contain_text(later.reference)


def test_taking_and_answering_takes_two(stack: Stack, company: Company, browsing: Browsing) -> None:
    asked = company.ask_due_in(600)
    page, click = browsing.page(company.omar.email), Clicks()
    page.goto("/landing/")
    # What breaches next is shown beside the list.
    preview = page.locator("#preview")
    expect(preview).to_contain_text(asked.reference)
    click(preview.get_by_role("button", name="Take"))
    page.locator(".composer textarea").fill("On its way.")
    click(page.locator(".composer").get_by_role("button", name="Send"))
    expect(page.locator(".timeline")).to_contain_text("On its way.")
    asked.refresh_from_db()
    assert asked.assignee_id == company.omar.pk
    assert click.count == 2


def test_triage_of_ten_takes_twelve(stack: Stack, company: Company, browsing: Browsing) -> None:
    asked = [company.ask_due_in(600 + n) for n in range(10)]
    page, click = browsing.page(company.lena.email), Clicks()
    page.goto("/landing/")
    for one in asked:
        click(page.get_by_role("checkbox", name=f"Select {one.reference}"))
    page.get_by_role("combobox", name="Assign to").select_option(label=company.omar.name)
    click.count += 1
    click(page.get_by_role("toolbar").get_by_role("button", name="Assign"))
    page.wait_for_load_state("networkidle")
    rows = ServiceRequest.objects.filter(pk__in=company.requests)
    assert set(rows.values_list("assignee", flat=True)) == {company.omar.pk}
    assert click.count == 12


def test_putting_on_hold_takes_three(stack: Stack, company: Company, browsing: Browsing) -> None:
    asked = company.ask_due_in(600)
    actions.take(asked, by=company.omar, at=timezone.now())
    page, click = browsing.page(company.omar.email), Clicks()
    page.goto("/landing/")
    click(page.get_by_role("row").filter(has_text=asked.reference).get_by_role("link").first)
    click(page.locator(".composer .tabs label").filter(has_text="Hold"))
    page.locator(".composer").get_by_label("Whom you wait for").fill("Locksmiths")
    page.locator(".composer textarea").fill("They come on Monday.")
    click(page.locator(".composer").get_by_role("button", name="Put on hold"))
    expect(page.locator("main header").first).to_contain_text("Waiting for Locksmiths")
    asked.refresh_from_db()
    assert asked.look_again_on is not None
    assert click.count == 3


def test_resolving_takes_three(stack: Stack, company: Company, browsing: Browsing) -> None:
    asked = company.ask_due_in(600)
    page, click = browsing.page(company.omar.email), Clicks()
    page.goto("/landing/")
    click(page.get_by_role("row").filter(has_text=asked.reference).get_by_role("link").first)
    click(page.locator(".composer .tabs label").filter(has_text="Resolve"))
    page.locator(".composer textarea").fill("Done.")
    click(page.locator(".composer").get_by_role("button", name="Send and resolve"))
    expect(page.locator("main header").first).to_contain_text("Resolved")
    assert click.count == 3


def test_figures_for_each_department_are_on_the_page_a_manager_lands_on(
    stack: Stack, company: Company, browsing: Browsing
) -> None:
    company.ask_due_in(-30)
    manager = factories.make_manager(company.provider, password="desk of the tests")
    page = browsing.page(manager.email)
    page.goto("/landing/")
    expect(page).to_have_url(re.compile("/overview/"))
    expect(page.locator("main")).to_contain_text(company.provider.name)
