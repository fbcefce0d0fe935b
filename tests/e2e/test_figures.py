"""A manager's morning: from the page they land on, by one click each, to what needs help."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.plugin import DjangoDbBlocker

from people.models import User
from requests_app import actions
from tests import factories
from tests.e2e.browsing import Browsing
from tests.e2e.faults import all_faults, axe, sticking_out
from tests.processes.company import Company, make_company
from tests.processes.person import PASSWORD
from tests.processes.stack import Stack

pytestmark = pytest.mark.e2e

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass(slots=True)
class Figures:
    """Two departments of one manager: one keeps its promises, one does not."""

    good: Company
    poor: Company
    manager: User


@pytest.fixture(scope="module")
def figures(whole_stack: Stack, django_db_blocker: DjangoDbBlocker) -> Figures:
    """Three months of both, by the desk's own deeds; the poor one has a request that is late."""
    with django_db_blocker.unblock(), whole_stack.inside():
        return _figures()


def _figures() -> Figures:
    good, poor = make_company("Facilities"), make_company("Legal")
    now = timezone.now()
    for company, late in ((good, 1), (poor, 4)):
        for days in (70, 35, 0):
            for number in range(6):
                _asked_and_done(company, now - days * DAY - 30 * MINUTE, late=number < late)
    poor.ask_due_in(-600)
    above = factories.make_department(name=f"Operations {poor.provider.pk}")
    for company in (good, poor):
        company.provider.parent = above
        company.provider.save()
    manager = factories.make_manager(above, password=PASSWORD)
    return Figures(good, poor, manager)


def _asked_and_done(company: Company, at: datetime, *, late: bool) -> None:
    request = company.ask(at)  # an answer within a minute, ready within two
    actions.reply(request, by=company.omar, at=at + MINUTE / 2, message="We are at it.")
    actions.resolve(
        request, by=company.omar, at=at + (10 * MINUTE if late else MINUTE), message="Done."
    )


def test_a_manager_finds_the_worst_department_what_is_late_there_and_the_trend(
    figures: Figures, browsing: Browsing
) -> None:
    page = browsing.page(figures.manager.email)
    page.goto("/landing/")
    expect(page).to_have_url(re.compile("/overview/$"))
    answer, worst = page.locator(".lead"), figures.poor.provider.name
    expect(answer).to_contain_text(f"{worst} needs help most")
    rows = page.locator("#lines tbody tr")
    expect(rows.first).to_contain_text(worst)
    # the trend: a mark of the line is one click from its list
    mark = page.locator("#trend .chart a").first
    expect(mark).to_have_attribute("aria-label", re.compile(r"Ready in time, .*: \d+\s%"))
    mark.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Promises kept and broken")
    expect(page.locator("tbody tr").first).to_be_visible()
    page.goto("/overview/")
    # what is late in the worst department
    rows.first.get_by_role("link", name="1", exact=True).and_(
        page.locator("[href*='/late/']")
    ).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Late now")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.goto("/overview/")
    # the worst department itself
    answer.get_by_role("link", name=worst).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Does {worst} keep its promises?")
    expect(page.locator("#trend .chart")).to_be_visible()


def test_the_list_behind_a_figure_is_taken_along_as_a_file(
    figures: Figures, browsing: Browsing
) -> None:
    page = browsing.page(figures.manager.email)
    page.goto(f"/overview/requests/asked/?of={figures.poor.provider.slug}")
    for name in ("CSV", "XLSX"):
        with page.expect_download() as waited:
            page.get_by_role("link", name=name).click()
        assert waited.value.suggested_filename.endswith(f".{name.lower()}")


def test_the_overview_goes_by_keys_and_says_what_a_figure_means(
    figures: Figures, browsing: Browsing
) -> None:
    page = browsing.page(figures.manager.email)
    page.goto("/overview/")
    page.get_by_role("button", name="What “Late now” means").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    meaning = page.locator("#meaning-late")
    expect(meaning).to_be_visible()
    page.keyboard.press("Tab")
    expect(meaning.get_by_role("link")).to_be_focused()
    page.keyboard.press("Escape")
    expect(meaning).to_be_hidden()
    page.get_by_role("link", name=re.compile("^Late now")).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/requests/late/**")
    page.goto("/overview/")
    summary = page.locator("#trend summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#trend table")).to_be_visible()
    assert not axe(page)


def test_the_overview_needs_no_script(figures: Figures, browsing: Browsing) -> None:
    page = browsing.page(figures.manager.email, script=False)
    page.goto("/overview/")
    page.get_by_role("link", name="By client").click()
    expect(page.locator("#lines")).to_contain_text(figures.poor.dana.department.name)
    page.locator(".filter summary").first.click()
    page.locator(".filter .menu a").nth(1).click()
    expect(page).to_have_url(re.compile("month="))
    page.locator("#trend summary").click()
    expect(page.locator("#trend table")).to_be_visible()
    button = page.locator(".meaning button").first
    button.focus()
    expect(page.locator(".meaning .story").first).to_be_visible()


def test_pages_of_figures_are_for_everyone(figures: Figures, browsing: Browsing) -> None:
    lead = browsing.page(figures.poor.lena.email)
    own = f"/overview/departments/{figures.poor.provider.slug}/"
    manager = browsing.page(figures.manager.email)
    query = f"?of={figures.poor.provider.slug}"
    assert not [
        *all_faults(lead, [f"{own}today/", own, f"/overview/requests/board-late/{query}"]),
        *all_faults(
            manager,
            [
                "/overview/",
                "/overview/?by=service",
                "/overview/requests/decided/?verdict=missed",
                "/overview/requests/at-risk/",
                "/overview/meaning/",
            ],
        ),
    ]


def test_the_overview_prints_as_a_page_without_frame(figures: Figures, browsing: Browsing) -> None:
    page = browsing.page(figures.manager.email)
    page.goto("/overview/")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 696, "height": 1000})  # A4 without its margins
    expect(page.locator("body > .top")).to_be_hidden()
    expect(page.locator("#side")).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("#lines table")).to_be_visible()
    assert not sticking_out(page)
    assert _hidden_columns(page) == []


def _hidden_columns(page: Page) -> list[str]:
    """Cells of the table that lie beyond its paper."""
    found = page.locator("#lines td").evaluate_all(
        "all => all.filter(one => one.getBoundingClientRect().right > innerWidth)"
        ".map(one => one.textContent)"
    )
    return [str(one) for one in found]
