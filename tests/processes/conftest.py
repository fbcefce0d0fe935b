"""One stack for all tests of this folder; each begins with all of it running."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from notices.models import OutboxMail
from requests_app.actions import cancel
from requests_app.kinds import Via
from requests_app.lifecycle import OPEN_STATUSES
from requests_app.models import ServiceRequest
from tests.processes.company import Company, make_company
from tests.processes.databases import make_tables
from tests.processes.stack import Stack


@pytest.fixture(scope="package")
def whole_stack(django_db_blocker: DjangoDbBlocker) -> Iterator[Stack]:
    """Servers, web, worker and beat, until the last test of this folder."""
    stack = Stack()
    try:
        make_tables(stack.urls["postgres"], django_db_blocker)
        yield stack
    finally:
        stack.close()


@pytest.fixture
def stack(
    whole_stack: Stack, django_db_blocker: DjangoDbBlocker, request: pytest.FixtureRequest
) -> Iterator[Stack]:
    """All of it runs, and this process looks into its database."""
    whole_stack.start()
    with django_db_blocker.unblock(), whole_stack.inside():
        yield whole_stack


@pytest.fixture
def company(stack: Stack) -> Iterator[Company]:
    """A department and its people, for this test alone: afterwards nothing of it falls due."""
    company = make_company()
    yield company
    stack.start()
    for pk in company.requests:
        with transaction.atomic():
            service_request = ServiceRequest.objects.lock(pk)
            # Now, and not a moment in which the sweep has found something meanwhile.
            if service_request.status in OPEN_STATUSES:
                cancel(service_request, by=company.dana, at=timezone.now(), via=Via.SEED)
    OutboxMail.objects.undelivered().update(gave_up_at=timezone.now())


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
