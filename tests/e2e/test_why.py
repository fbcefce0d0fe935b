"""Why this time? From the promises of a request to their ledger; from a breach to its reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from requests_app import actions
from requests_app.kinds import Via
from requests_app.models import ServiceRequest
from slas.sweep import sweep
from tests import factories
from tests.e2e.browsing import Browsing
from tests.e2e.faults import all_faults
from tests.processes.company import Company
from tests.processes.stack import Stack

pytestmark = pytest.mark.e2e


@pytest.fixture
def late(stack: Stack, company: Company) -> ServiceRequest:
    """Asked three weeks ago, asked back and answered, and late."""
    now = timezone.now()
    request = factories.make_service_request(
        company.service, by=company.dana, at=now - timedelta(days=21), via=Via.SEED
    )
    day = (now - timedelta(days=10)).date()
    actions.ask(
        request, message="Which one?", look_again_on=day, by=company.omar,
        at=now - timedelta(days=20), via=Via.SEED,
    )  # fmt: skip
    actions.answer(
        request, message="That one.", by=company.dana, at=now - timedelta(days=18), via=Via.SEED
    )
    sweep(now, via=Via.SEED)
    return request


def test_a_due_time_is_explained_and_a_breach_gets_its_reason(
    late: ServiceRequest, company: Company, browsing: Browsing
) -> None:
    omar, dana = browsing.page(company.omar.email), browsing.page(company.dana.email)
    omar.goto(late.get_absolute_url())
    omar.get_by_role("link", name="Why this time?").click()
    ready = omar.locator("details.ledger[open]")
    expect(ready.get_by_role("heading", name="Ready")).to_be_visible()
    expect(ready.get_by_role("img", name="Ready: late by")).to_be_visible()
    expect(ready.get_by_role("row", name="Stands still")).to_be_visible()
    ready.get_by_label("Why was “Ready” late?").select_option("We waited for a supplier")
    ready.get_by_role("button", name="Save").click()
    expect(omar.locator("main")).to_contain_text("We waited for a supplier")

    dana.goto(f"{late.get_absolute_url()}promises/")
    expect(dana.locator("main")).to_contain_text("You asked for it: ready within")
    expect(dana.locator("main")).not_to_contain_text("supplier")


def test_the_pages_of_promises_are_for_everyone(
    late: ServiceRequest, company: Company, browsing: Browsing
) -> None:
    here = f"{late.get_absolute_url()}promises/"
    assert not all_faults(browsing.page(company.omar.email), [here])
    assert not all_faults(browsing.page(company.dana.email), [here])
