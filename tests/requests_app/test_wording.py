from __future__ import annotations

from datetime import date

import pytest

from people.models import Department, User
from requests_app.lifecycle import Status
from requests_app.models import ServiceRequest
from requests_app.wording import plain_status


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.NEW, "Received"),
        (Status.AWAITING_APPROVAL, "Waiting for approval by Marta Lis"),
        (Status.IN_PROGRESS, "Omar is working on it"),
        (Status.WAITING_REQUESTER, "We need your answer"),
        (Status.WAITING_THIRD_PARTY, "Waiting for Ricoh until Friday 27 November"),
        (Status.RESOLVED, "Done: please confirm"),
        (Status.CLOSED, "Closed"),
        (Status.CANCELLED, "Cancelled"),
        (Status.DECLINED, "Declined"),
    ],
)
def test_every_status_has_plain_words(status: Status, said: str) -> None:
    one = ServiceRequest(
        status=status, assignee=User(name="Omar Quinn"), approver=User(name="Marta Lis"),
        third_party="Ricoh", look_again_on=date(2026, 11, 27),
    )  # fmt: skip
    assert plain_status(one) == said


def test_no_status_is_without_plain_words() -> None:
    it = Department(name="IT")
    requests = [ServiceRequest(status=status, provider_department=it) for status in Status]
    said = [plain_status(one) for one in requests]
    assert not set(said) & set(Status)


def test_what_nobody_has_yet_is_worked_on_by_the_department() -> None:
    one = ServiceRequest(status=Status.IN_PROGRESS, provider_department=Department(name="IT"))
    assert plain_status(one) == "IT is working on it"


def test_a_vendor_nobody_named_is_someone_outside() -> None:
    one = ServiceRequest(status=Status.WAITING_THIRD_PARTY)
    assert plain_status(one) == "Waiting for someone outside"
