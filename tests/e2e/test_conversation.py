"""Two who work on one request at once, in two browsers: nothing is typed in vain."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from requests_app import actions
from requests_app.models import ServiceRequest
from tests.e2e.browsing import Browsing
from tests.factories import make_agent
from tests.processes.company import Company
from tests.processes.stack import Stack

pytestmark = pytest.mark.e2e


@pytest.fixture
def asked(stack: Stack, company: Company) -> ServiceRequest:
    request = company.ask(timezone.now() - timedelta(seconds=5))
    return actions.take(request, by=company.omar, at=timezone.now())


def test_two_agents_see_each_other_and_what_is_new_without_losing_a_letter(
    asked: ServiceRequest, company: Company, browsing: Browsing
) -> None:
    omar, lena = browsing.page(company.omar.email), browsing.page(company.lena.email)
    for page in (omar, lena):
        page.goto(asked.get_absolute_url())
    expect(omar.locator("[data-news]")).to_contain_text("is looking at this", timeout=12_000)
    omar.locator("#composer textarea").press_sequentially("I am about to", delay=20)
    expect(lena.locator("[data-news]")).to_contain_text("is writing a reply", timeout=12_000)

    actions.reply(asked, message="The badge is red.", by=company.lena, at=timezone.now())
    expect(omar.locator("[data-news]")).to_contain_text("1 new message", timeout=5_500)
    expect(omar.locator(".timeline")).not_to_contain_text("The badge is red.")
    omar.get_by_role("link", name="Show").click()
    expect(omar.locator(".timeline")).to_contain_text("The badge is red.")
    expect(omar.locator("#composer textarea")).to_have_value("I am about to")
    omar.get_by_role("button", name="Send").click()
    expect(omar.locator(".timeline")).to_contain_text("I am about to")


def test_a_closed_tab_keeps_what_was_typed_and_an_outdated_reply_is_held_up(
    asked: ServiceRequest, company: Company, browsing: Browsing
) -> None:
    first = browsing.page(company.omar.email)
    first.goto(asked.get_absolute_url())
    first.locator("#composer textarea").fill("Half a sent")
    first.close(run_before_unload=False)

    omar = browsing.page(company.omar.email)
    expect_kept(omar, asked, "Half a sent")
    omar.locator("#composer textarea").fill("Half a sentence, now whole.")
    actions.reply(asked, message="It is done already.", by=company.lena, at=timezone.now())
    omar.get_by_role("button", name="Send").click()
    expect(omar.get_by_role("heading", level=1)).to_contain_text("Not yet sent")
    expect(omar.locator(".timeline")).to_contain_text("It is done already.")
    omar.get_by_role("button", name="Change it on the request").click()
    expect(omar.locator("#composer textarea")).to_have_value("Half a sentence, now whole.")
    omar.get_by_role("button", name="Send").click()
    expect(omar.locator(".timeline")).to_contain_text("Half a sentence, now whole.")
    expect(omar.locator("#composer textarea")).to_have_value("")


def expect_kept(page: Page, asked: ServiceRequest, text: str) -> None:
    """The tab was closed a moment ago: what it sent on leaving may still be on its way."""
    for _ in range(10):
        page.goto(asked.get_absolute_url())
        if page.locator("#composer textarea").input_value() == text:
            return
        page.wait_for_timeout(300)
    expect(page.locator("#composer textarea")).to_have_value(text)


def test_a_colleague_is_named_by_keyboard(
    asked: ServiceRequest, company: Company, browsing: Browsing
) -> None:
    team = company.provider.teams.first()
    assert team
    zebulon = make_agent(team, "Zebulon Quick")
    other = browsing.page(company.omar.email)
    other.goto(asked.get_absolute_url())
    box = other.locator("#composer textarea")
    box.press_sequentially("Ask @zebulon", delay=30)
    expect(other.get_by_role("option").first).to_be_visible()
    box.press("Enter")
    expect(other.locator("[name=mentions]")).to_have_value(zebulon.email)
    box.press_sequentially("please.")
    other.get_by_role("button", name="Send").click()
    expect(other.locator(".timeline")).to_contain_text("please.")
