"""One running desk and one browser for all tests of this folder."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from tests.e2e.browsing import Browsing, launch
from tests.e2e.world import World, make_world
from tests.processes.company import Company, make_company
from tests.processes.stack import Stack

AS_SHIPPED = {"SLA_SWEEP_SECONDS": "10", "NOTICE_DELIVER_SECONDS": "5"}
"""The desk watches promises here as often as it does for its users."""


@pytest.fixture(scope="package")
def whole_stack() -> Iterator[Stack]:
    """Servers, web, worker and beat, until the last test of this folder."""
    stack = Stack(**AS_SHIPPED)
    try:
        stack.start()
        yield stack
    finally:
        stack.close()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium."""
    # Playwright's loop runs in this thread, and Django takes that for a reason to be careful.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "yes"
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def world(whole_stack: Stack, django_db_blocker: DjangoDbBlocker) -> World:
    """Data of every sort, for tests that only look."""
    with django_db_blocker.unblock(), whole_stack.inside():
        return make_world()


@pytest.fixture
def stack(whole_stack: Stack, django_db_blocker: DjangoDbBlocker) -> Iterator[Stack]:
    """The running desk, and this process looks into its database."""
    with django_db_blocker.unblock(), whole_stack.inside():
        yield whole_stack


@pytest.fixture
def company(stack: Stack) -> Company:
    """A department and its people, for this test alone."""
    return make_company()


@pytest.fixture(scope="package")
def _cookies() -> dict[str, object]:
    return {}


@pytest.fixture
def browsing(
    browser: Browser, whole_stack: Stack, _cookies: dict[str, object]
) -> Iterator[Browsing]:
    """Browsers for people; at the end none of them has complained."""
    browsing = Browsing(browser, whole_stack.base_url, _cookies=_cookies)
    yield browsing
    browsing.close()
    assert not browsing.troubles


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With a failure comes what every process said last."""
    report = yield
    whole = getattr(item, "funcargs", {}).get("whole_stack")
    if report.failed and whole is not None:
        report.sections += [(f"what {name} said", said) for name, said in whole.logs()]
    return report
