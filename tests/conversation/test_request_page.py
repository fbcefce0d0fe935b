"""The request page: one address, two faces, the same number of queries however long it is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue.models import Service
from people.models import Membership, User
from requests_app import actions
from requests_app.kinds import Via
from requests_app.models import ServiceRequest
from slas.sweep import sweep
from tests import factories
from tests.conversation.conftest import SignIn
from tests.times import MONDAY_10, MONDAY_NOON, hours, minutes

LONG = "A long text with **weight** and a [link](https://example.com/). " * 60


def _url(request: ServiceRequest) -> str:
    return request.get_absolute_url()


def test_a_stranger_meets_404(asked: ServiceRequest, kai: User, sign_in: SignIn) -> None:
    assert sign_in(kai).get(_url(asked)).status_code == 404


def test_a_reference_that_is_none_meets_404(
    asked: ServiceRequest, dana: User, sign_in: SignIn
) -> None:
    for reference in ("IT-999999", "it-1", "IT-1%00", "IT-" + "9" * 40, "§"):
        assert sign_in(dana).get(f"/requests/{reference}/").status_code == 404


def test_whoever_is_not_signed_in_is_asked_to(asked: ServiceRequest, client: Client) -> None:
    assert client.get(_url(asked)).status_code == 302


def test_the_requester_reads_plain_words_and_no_note(
    asked: ServiceRequest, dana: User, omar: User, sign_in: SignIn
) -> None:
    actions.reply(asked, message="On its way.", by=omar, at=MONDAY_10 + hours(0.5))
    actions.note(asked, message="Budget is tight.", by=omar, at=MONDAY_10 + hours(0.6))

    page = sign_in(dana).get(_url(asked))

    assert page.status_code == 200
    assert b"Omar is working on it" in page.content
    assert b"On its way." in page.content
    assert b"Budget is tight." not in page.content
    assert b"Internal note" not in page.content
    assert b"P3" not in page.content


def test_the_provider_reads_the_note_as_a_note(
    asked: ServiceRequest, omar: User, sign_in: SignIn
) -> None:
    actions.note(asked, message="Budget is tight.", by=omar, at=MONDAY_10 + hours(0.6))
    page = sign_in(omar).get(_url(asked)).content.decode()
    assert "entry-note" in page
    assert "only IT reads this" in page


def test_the_reasons_of_a_transfer_and_of_a_priority_stay_internal(
    asked: ServiceRequest, dana: User, lena: User, sign_in: SignIn
) -> None:
    elsewhere = factories.make_service(asked.provider_department, team=asked.team, name="Repair")
    at = MONDAY_10 + hours(1)
    actions.prioritise(asked, impact="team", urgency="now", reason="Secret one", by=lena, at=at)
    actions.transfer(asked, service=elsewhere, reason="Secret two", by=lena, at=at)

    theirs = sign_in(dana).get(_url(asked)).content.decode()
    ours = sign_in(lena).get(_url(asked)).content.decode()

    assert "Secret" not in theirs
    assert "Secret one" in ours
    assert "Secret two" in ours
    assert "moved it to Repair" in theirs


def test_an_answer_only_for_the_provider_is_not_shown_to_the_requester(
    it: Any, it_team: Any, dana: User, omar: User, sign_in: SignIn
) -> None:
    service = factories.make_service(
        it,
        team=it_team,
        fields=[
            {"key": "what", "kind": "short_text", "label": "What is it?"},
            {"key": "code", "kind": "short_text", "label": "Cost centre", "provider_only": True},
        ],
    )
    request = factories.make_service_request(
        service, by=dana, at=MONDAY_10, answers={"what": "Ink"}
    )
    ServiceRequest.objects.filter(pk=request.pk).update(answers={"what": "Ink", "code": "C-4711"})
    assert b"C-4711" not in sign_in(dana).get(_url(request)).content
    assert b"C-4711" in sign_in(omar).get(_url(request)).content


def test_markup_that_someone_typed_is_not_obeyed(
    asked: ServiceRequest, dana: User, omar: User, sign_in: SignIn
) -> None:
    actions.reply(asked, message="<script>alert(1)</script>", by=dana, at=MONDAY_10 + hours(1))
    assert b"<script>alert" not in sign_in(omar).get(_url(asked)).content


def test_a_warning_is_the_providers_and_a_breach_everyones(
    asked: ServiceRequest, dana: User, omar: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = MONDAY_10 + hours(7)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    sweep(later)
    theirs = sign_in(dana).get(_url(asked)).content.decode()
    ours = sign_in(omar).get(_url(asked)).content.decode()
    assert "is used" in ours
    assert "is used" not in theirs
    assert "is late since this moment" in theirs


def test_events_in_a_burst_are_folded(
    asked: ServiceRequest, omar: User, lena: User, sign_in: SignIn
) -> None:
    at = MONDAY_10 + minutes(10)
    actions.take(asked, by=omar, at=at)
    for n in range(4):
        actions.assign(asked, assignee=[lena, omar][n % 2], by=omar, at=at + minutes(n))
    page = sign_in(omar).get(_url(asked)).content.decode()
    assert "5 things happened" in page


def test_a_long_conversation_is_paged_by_key_and_loses_nothing(
    asked: ServiceRequest, dana: User, omar: User, sign_in: SignIn
) -> None:
    for n in range(120):
        actions.reply(asked, message=f"word{n:03}!", by=dana, at=MONDAY_10 + minutes(n // 40))
    client = sign_in(omar)
    seen: list[str] = []
    address = _url(asked)
    for _page in range(4):
        page = client.get(address)
        seen = _words(page.content.decode()) + seen
        earlier = page.context["talk"].earlier
        if earlier is None:
            break
        address = f"{_url(asked)}?before={earlier}"
    assert seen == [f"word{n:03}!" for n in range(120)]


def _words(page: str) -> list[str]:
    return [part[:8] for part in page.split("<p>") if part.startswith("word")]


@pytest.mark.parametrize("before", ["x", "0", "99999999999999999999", "-1", "١"])
def test_a_place_in_the_conversation_that_is_none_meets_404(
    asked: ServiceRequest, omar: User, sign_in: SignIn, before: str
) -> None:
    assert sign_in(omar).get(f"{_url(asked)}?before={before}").status_code == 404


def test_the_place_of_another_request_meets_404(
    asked: ServiceRequest, laptop: Service, dana: User, omar: User, sign_in: SignIn
) -> None:
    other = factories.make_service_request(laptop, by=dana, at=MONDAY_10)
    event = other.events.get(kind="submitted")
    assert sign_in(omar).get(f"{_url(asked)}?before={event.pk}").status_code == 404


@pytest.mark.parametrize("who", ["dana", "omar"])
def test_the_page_costs_as_many_queries_with_one_event_as_with_fifty(
    asked: ServiceRequest, dana: User, omar: User, lena: User, sign_in: SignIn, who: str
) -> None:
    person = {"dana": dana, "omar": omar}[who]
    actions.assign(asked, assignee=omar, by=lena, at=MONDAY_10)
    actions.reply(asked, message=LONG, by=dana, at=MONDAY_10)
    few = _queries(sign_in(person), _url(asked))
    for n in range(50):
        by = [dana, omar][n % 2]
        actions.reply(asked, message=LONG, by=by, at=MONDAY_10 + minutes(n))
        if n % 5 == 0:
            actions.assign(asked, assignee=[lena, omar][n % 2], by=omar, at=MONDAY_10 + minutes(n))
    many = _queries(sign_in(person), _url(asked))
    assert few == many
    assert many <= 28


def _queries(client: Client, address: str) -> int:
    client.get(address)  # the process's own caches are warm
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_a_restricted_request_is_404_even_for_agents_of_other_teams(
    it: Any, dana: User, omar: User, sign_in: SignIn
) -> None:
    team = factories.make_team(it, name="Inquiry")
    inside = factories.make_agent(team, "Nia Walsh")
    service = factories.make_service(it, team=team, restricted=True)
    request = factories.make_service_request(service, by=dana, at=MONDAY_10)
    assert sign_in(omar).get(_url(request)).status_code == 404
    assert sign_in(inside).get(_url(request)).status_code == 200
    assert sign_in(dana).get(_url(request)).status_code == 200


def test_a_department_that_handed_it_on_reads_it_and_does_nothing(
    asked: ServiceRequest, kai: User, omar: User, sign_in: SignIn
) -> None:
    elsewhere = factories.make_service(kai.department, name="Onboarding")
    Membership.objects.get_or_create(team=elsewhere.team, user=kai)
    actions.transfer(asked, service=elsewhere, reason="Theirs", by=omar, at=MONDAY_10 + hours(1))
    page = sign_in(omar).get(_url(asked))
    assert page.status_code == 200
    assert page.context["composer"] is None
    assert sign_in(kai).get(_url(asked)).context["composer"] is not None


def test_an_approver_is_asked_and_sees_two_answers(
    asked: ServiceRequest, kai: User, omar: User, sign_in: SignIn
) -> None:
    actions.ask_approval(asked, approver=kai, by=omar, at=MONDAY_10 + hours(1))
    page = sign_in(kai).get(_url(asked)).content.decode()
    assert "Do you approve this?" in page
    assert f"{_url(asked)}do/approve/" in page
    assert f"{_url(asked)}do/refuse/" in page


def test_a_resolved_request_asks_the_requester_whether_it_works(
    asked: ServiceRequest, dana: User, omar: User, sign_in: SignIn
) -> None:
    actions.resolve(asked, message="It is on your desk.", by=omar, at=MONDAY_10 + hours(1))
    page = sign_in(dana).get(_url(asked)).content.decode()
    assert "Does it work?" in page
    assert f"{_url(asked)}do/reopen/" in page
    assert "Does it work?" not in sign_in(omar).get(_url(asked)).content.decode()


def test_whom_one_waits_for_is_named_as_long_as_one_waits(
    asked: ServiceRequest, dana: User, omar: User, sign_in: SignIn
) -> None:
    actions.hold(
        asked,
        message="x",
        third_party="Ledger supplier",
        look_again_on=date(2026, 11, 26),
        by=omar,
        at=MONDAY_10 + minutes(5),
    )
    for person in (dana, omar):
        page = sign_in(person).get(_url(asked)).content.decode()
        assert "Waiting for Ledger supplier until Thursday 26 November" in page
        assert "Waiting for Ledger supplier; to be looked at again on Thursday 26 November" in page
    actions.resume(asked, by=omar, at=MONDAY_10 + minutes(9))
    page = sign_in(omar).get(_url(asked)).content.decode()
    assert "Ledger supplier" not in page
    assert "Waiting for someone outside; to be looked at again on Thursday" in page


def test_a_request_in_every_status_has_a_page_for_both_sides(
    laptop: Service, dana: User, omar: User, lena: User, kai: User, sign_in: SignIn
) -> None:
    ways: dict[str, list[tuple[str, User, dict[str, Any]]]] = {
        "new": [],
        "in_progress": [("take", omar, {})],
        "waiting_requester": [
            ("ask", omar, {"message": "Which?", "look_again_on": MONDAY_NOON.date()})
        ],
        "waiting_third_party": [
            (
                "hold",
                omar,
                {"message": "x", "third_party": "Acme", "look_again_on": MONDAY_NOON.date()},
            )
        ],
        "awaiting_approval": [("ask_approval", omar, {"approver": kai})],
        "resolved": [("resolve", omar, {"message": "Done"})],
        "closed": [("resolve", omar, {"message": "Done"}), ("confirm", dana, {})],
        "cancelled": [("cancel", dana, {"message": "No more"})],
        "declined": [("decline", omar, {"message": "We cannot"})],
    }
    for status, deeds in ways.items():
        request = factories.make_service_request(laptop, by=dana, at=MONDAY_10)
        for name, by, given in deeds:
            at = MONDAY_10 + minutes(5)
            actions.perform(request, name, by=by, at=at, via=Via.PAGE, **given)
        request.refresh_from_db()
        assert request.status == status
        for person in (dana, omar):
            assert sign_in(person).get(_url(request)).status_code == 200, (status, person)
