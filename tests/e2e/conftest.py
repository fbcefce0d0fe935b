"""One running desk and one browser for each process that runs tests of this folder.

What costs seconds is made once, at the first test that asks for it: the desk, Chromium, the world.
What a test needs for itself costs milliseconds. A new test is cheap if it asks only for these:

`browsing`   `browsing.page(email)` is a page of someone who is signed in (the form is sent once,
             then by the cookie); `browsing.visitor()` one of nobody. `script=False` for no
             JavaScript, `viewport=NARROW` for a telephone. At the end no browser must have
             complained.
`company`    a department, its service and three people (dana asks, omar works, lena leads), for
             this test alone: change it as you like. `company.ask_due_in(600)` makes a request.
`world`      a full department, an empty one and a request in every state, for tests that only
             look. They run in any order, each on whichever process is free.
`stack`      the desk itself: its database is Django's as long as the test runs, `stack.mail` has
             what was mailed. `company` brings it.

Wait for what is to be seen (`expect`, `wait_until`), never for a number of seconds. Whether every
page is for everyone is asked with `all_faults` of faults.py, with `axe` within a test.
The tests of one file run one after the other, so that what a module's fixture makes is made once.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from tests.e2e.browsing import Browsing, launch
from tests.e2e.world import World, make_world
from tests.processes.company import Company, make_company
from tests.processes.stack import Stack, running_desk

AS_SHIPPED = {
    "SLA_SWEEP_SECONDS": "10",
    "NOTICE_DELIVER_SECONDS": "5",
    "FEEDBACK_ADVANCE_SECONDS": "5",
}
"""The desk watches promises here as often as it does for its users, and asks for ratings oftener:
what it does every second takes a tenth of a processor from the tests, in each of their processes.
"""


@pytest.fixture(scope="session")
def whole_stack(django_db_blocker: DjangoDbBlocker) -> Iterator[Stack]:
    """Web, worker and beat on a database that was copied, until the last test."""
    with running_desk(django_db_blocker, **AS_SHIPPED) as stack:
        yield stack


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium."""
    # Playwright's loop runs in this thread, and Django takes that for a reason to be careful.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "yes"
    expect.set_options(timeout=10_000)
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
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
