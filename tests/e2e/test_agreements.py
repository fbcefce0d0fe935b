"""A lead sets up an agreement, the client's lead accepts it, whoever asks sees what changed."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests import factories
from tests.e2e.browsing import Browsing
from tests.processes.company import Company
from tests.processes.person import PASSWORD
from tests.processes.stack import Stack

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("script", [True, False])
def test_an_agreement_is_written_accepted_and_shows_on_card_and_request(
    stack: Stack, company: Company, browsing: Browsing, script: bool
) -> None:
    client = company.dana.department
    theirs = factories.make_agent(factories.make_team(client), is_lead=True)
    theirs.set_password(PASSWORD)
    theirs.save()

    lead = browsing.page(company.lena.email, script=script)
    lead.goto(f"/manage/{company.provider.slug}/agreements/")
    lead.get_by_role("link", name="New agreement").first.click()
    lead.get_by_label("Name", exact=True).fill("For those who ask most")
    lead.get_by_label(client.name, exact=True).check()
    promise(lead, "Resolution", "P4", "soon")
    lead.get_by_role("button", name="Keep the draft").click()
    expect(lead.get_by_role("link", name="Write it like “30 min”")).to_be_visible()
    for priority in ("P3", "P4"):  # what the request below has, and what the card speaks of
        promise(lead, "Resolution", priority, "3 h")
    lead.get_by_role("button", name="Keep the draft").click()
    lead.get_by_label("What do you want to say to them?").fill("Three hours from now on.")
    lead.get_by_role("button", name="Propose it").click()
    expect(lead.get_by_text(f"{client.name}: not yet")).to_be_visible()

    other = browsing.page(theirs.email, script=script)
    other.goto("/notices/")
    other.get_by_role("button", name="For those who ask most").click()
    expect(other.get_by_text("Three hours from now on.").first).to_be_visible()
    other.get_by_role("button", name="Accept").click()
    expect(other.get_by_text("it is agreed").first).to_be_visible()

    asker = browsing.page(company.dana.email, script=script)
    asker.goto(company.path)
    expect(asker.get_by_text("Ready within 3 h")).to_be_visible()
    expect(asker.get_by_text("as agreed with your department")).to_be_visible()
    asker.goto(company.ask(timezone.now()).get_absolute_url())
    expect(asker.get_by_text("Ready within 3 h").first).to_be_attached()


def promise(page: Page, metric: str, priority: str, text: str) -> None:
    """Type one budget into the table."""
    page.get_by_label(f"{metric}, {priority}", exact=True).fill(text)
