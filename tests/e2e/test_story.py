"""The desk lives: one request from the browser to its rating, and promises that are watched."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db.models import F
from playwright.sync_api import Page, expect

from feedback.models import Rating
from requests_app.models import Event, ServiceRequest
from tests.e2e.browsing import Browsing, sign_in
from tests.processes.company import Company
from tests.processes.stack import Stack, wait_until

pytestmark = pytest.mark.e2e


def reference_in(page: Page) -> str:
    found = re.search(r"/requests/([A-Z0-9]+-\d+)/", page.url)
    assert found, page.url
    return found[1]


def ask(page: Page, company: Company) -> str:
    """Dana finds the service and asks for it; the reference."""
    page.get_by_role("link", name="Ask for something").first.click()
    page.get_by_role("searchbox").first.fill(company.provider.name)
    page.get_by_role("searchbox").first.press("Enter")
    page.locator(f"a[href='{company.path}']").first.click()
    expect(page.get_by_role("heading", name="Door badge", level=1)).to_be_visible()
    expect(page.locator("#ready")).to_contain_text("Ready by")
    page.get_by_label("What is it about?").fill("A badge for the **new** colleague.")
    page.get_by_label("My work stands still").check()
    page.get_by_role("button", name="Send the request").click()
    reference = reference_in(page)
    expect(page.get_by_text("Received").first).to_be_visible()
    expect(page.locator("main .promise").first).to_be_visible()
    return reference


def write(page: Page, tab: str, words: str, button: str) -> None:
    """In the composer, under the tab where there is more than one."""
    tabs = page.locator(".composer .tabs label").filter(has_text=tab)
    if tab and tabs.count():
        tabs.first.click()
    page.locator(".composer").locator("textarea").fill(words)
    page.locator(".composer").get_by_role("button", name=button).click()


def rating_link(stack: Stack, company: Company) -> str:
    """Where the mail's button leads."""
    mail = wait_until(
        "the invitation arrives",
        lambda: [one for one in stack.mail.to(company.dana.email) if "/rate/" in one.text],
        60,
    )[0]
    found = re.search(rf"{re.escape(stack.base_url)}(/rate/[^\s?]+/)", mail.text)
    assert found, mail.text
    return found[1]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_request_lives_from_the_browser_to_its_rating(
    stack: Stack, company: Company, browsing: Browsing, script: bool
) -> None:
    dana, omar = browsing.visitor(script=script), browsing.visitor(script=script)
    sign_in(dana, company.dana.email)
    reference = ask(dana, company)

    sign_in(omar, company.omar.email)
    expect(omar).to_have_url(re.compile(rf"/queue/{company.provider.slug}/"))
    omar.get_by_role("row").filter(has_text=reference).get_by_role("link").first.click()
    omar.get_by_role("button", name="Take").click()
    expect(omar.locator("main")).to_contain_text("In progress")
    write(omar, "Question", "Which door is it for?", "Ask and wait")
    expect(omar.locator("main header").first).to_contain_text("Waiting for requester")
    expect(omar.locator("main header .promise[data-state=paused]").first).to_be_visible()

    dana.goto("/")
    dana.get_by_role("link", name=f"Answer {reference}").click()
    expect(dana.locator("main")).to_contain_text("Which door is it for?")
    write(dana, "", "The one to the harbour.", "Send the answer")
    expect(dana.locator("main header").first).to_contain_text("is working on it")

    omar.reload()
    expect(omar.locator("main")).to_contain_text("The one to the harbour.")
    write(omar, "Resolve", "The badge lies at the front desk.", "Send and resolve")
    expect(omar.locator("main header").first).to_contain_text("Resolved")

    stranger = browsing.visitor(script=script)
    stranger.goto(rating_link(stack, company))
    before = Event.objects.filter(kind="rated").count()
    stranger.locator("label.score").filter(has_text="5").click()
    stranger.get_by_role("button", name="Send").click()
    expect(stranger.locator("body")).to_contain_text("Thank you")
    assert Event.objects.filter(kind="rated").count() == before + 1

    # It stands on the request for those who worked on it once it can no longer be changed.
    omar.reload()
    expect(omar.locator("body")).not_to_contain_text("Very satisfied")
    given = Rating.objects.filter(invitation__service_request__reference=reference)
    given.update(at=F("at") - timedelta(hours=12))
    omar.reload()
    expect(omar.locator("aside.rail")).to_contain_text("Very satisfied")
    expect(omar.locator(".timeline")).not_to_contain_text("Very satisfied")


def test_nobody_works_and_the_promise_is_broken_in_time_and_on_the_open_page(
    stack: Stack, company: Company, browsing: Browsing
) -> None:
    late = company.ask_due_in(25)
    queue, request = browsing.page(company.omar.email), browsing.page(company.dana.email)
    queue.goto(f"/queue/{company.provider.slug}/open/")
    request.goto(f"/requests/{late.reference}/")
    row = queue.get_by_role("row").filter(has_text=late.reference).locator(".promise")
    chip = request.locator("aside .promises .promise").first
    for promise in (row, chip):
        expect(promise).to_have_attribute("data-state", re.compile("on-track|at-risk"))

    events = wait_until("it is warned and late", lambda: findings(late, 3), 60)
    assert [event.kind for event in events] == ["warned", "warned", "breached"]
    for event in events[1:]:  # the first was due before it was asked
        assert timedelta() <= event.recorded_at - event.at <= timedelta(seconds=15)
    clock = company.clocks()[0]
    assert clock.breached_at == clock.due_at == events[2].at
    assert clock.noticed_at is not None
    assert clock.due_at is not None
    assert timedelta() <= clock.noticed_at - clock.due_at <= timedelta(seconds=15)
    for promise in (row, chip):  # neither page was loaded again
        expect(promise).to_have_attribute("data-state", "late", timeout=30_000)
        expect(promise).to_contain_text("late")
    mails = wait_until(
        "the lead hears of it",
        lambda: [one for one in stack.mail.to(company.lena.email) if late.reference in one.text],
    )
    assert mails


def findings(service_request: ServiceRequest, least: int) -> list[Event]:
    found = Event.objects.filter(
        service_request=service_request,
        kind__in=["warned", "breached"],
        payload__metric="first_response",
    ).order_by("id")
    return list(found) if found.count() >= least else []
