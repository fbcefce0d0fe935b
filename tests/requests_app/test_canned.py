"""Canned replies: kept by leads, filled in from the request, offered to who speaks for it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from catalogue.models import Service
from people.models import AuditEntry, Department, User
from requests_app import actions, canned
from requests_app.canned import StaleReply
from requests_app.errors import NotAllowed, Refused
from requests_app.models import CannedReply
from tests import factories
from tests.times import MONDAY_10, MONDAY_NOON


def _kept(it: Department, lena: User, name: str = "Hello", text: str = "Hello") -> CannedReply:
    return canned.keep(it, name=name, text=text, by=lena, at=MONDAY_10)


# -- Filling -------------------------------------------------------------------------------------


def test_variables_are_filled_in_once() -> None:
    values = {"requester": "{subject}", "subject": "Laptop"}
    assert canned.fill("{requester}: {subject}!", values) == "{subject}: Laptop!"


def test_what_has_no_value_and_what_is_no_variable_stays() -> None:
    text = "{requester} { subject } {} {a b} {{x}} 100 {€}"
    assert canned.fill(text, {}) == text


def test_unknown_variables_are_named_once_and_in_order() -> None:
    assert canned.unknown_variables("{who} {requester} {when} {who}") == ["who", "when"]
    assert canned.unknown_variables("a = {1: 2} { x }") == []


def test_every_variable_has_a_value_and_an_example(laptop: Service, dana: User, omar: User) -> None:
    request = factories.make_service_request(laptop, by=dana, at=MONDAY_10)
    values = canned.values_for(request, by=omar, now=MONDAY_NOON, ready_by=None)
    assert set(values) == set(canned.example()) == set(canned.VARIABLES)
    assert all(values.values())


def test_a_request_fills_in_what_it_is_about(laptop: Service, dana: User, omar: User) -> None:
    request = factories.make_service_request(laptop, by=dana, at=MONDAY_10, subject="A laptop")
    text = "{requester_first_name}, {reference} “{subject}” ({service}, {department}): {assignee}"
    values = canned.values_for(request, by=omar, now=MONDAY_NOON, ready_by=None)
    said = canned.fill(text, values)
    assert said == f"Dana, {request.reference} “A laptop” (New laptop, IT): Omar Quinn"


def test_whoever_has_it_is_named_and_not_whoever_writes(
    laptop: Service, dana: User, omar: User, lena: User
) -> None:
    request = factories.make_service_request(laptop, by=dana, at=MONDAY_10)
    taken = actions.take(request, by=lena, at=MONDAY_10)
    assert (
        canned.values_for(taken, by=omar, now=MONDAY_NOON, ready_by=None)["assignee"]
        == "Lena Nowak"
    )


def test_moments_are_by_the_requesters_clock(laptop: Service, dana: User, omar: User) -> None:
    request = factories.make_service_request(laptop, by=dana, at=MONDAY_10)
    ready_by = datetime(2026, 11, 17, 16, 0, tzinfo=UTC)
    late = datetime(2026, 11, 16, 23, 30, tzinfo=UTC)
    values = canned.values_for(request, by=omar, now=late, ready_by=ready_by)
    assert values["due"] == "Tuesday 17 November, 16:00"
    dana.zone = "Europe/Warsaw"
    dana.save()
    request.refresh_from_db()
    values = canned.values_for(request, by=omar, now=late, ready_by=ready_by)
    assert values["due"] == "Tuesday 17 November, 17:00 CET"
    assert values["today"] == "17 November 2026"


def test_a_zone_that_is_no_longer_known_breaks_nothing(
    laptop: Service, dana: User, omar: User
) -> None:
    User.objects.filter(pk=dana.pk).update(zone="Mars/Olympus")
    request = factories.make_service_request(laptop, by=User.objects.get(pk=dana.pk), at=MONDAY_10)
    assert (
        canned.values_for(request, by=omar, now=MONDAY_NOON, ready_by=None)["today"]
        == "16 November 2026"
    )


def test_what_is_not_known_yet_stands_in_brackets(laptop: Service, dana: User, omar: User) -> None:
    request = factories.make_service_request(laptop, by=dana, at=MONDAY_10)
    values = canned.values_for(request, by=omar, now=MONDAY_NOON, ready_by=None)
    assert values["due"].startswith("[")


def test_a_promise_that_is_broken_is_not_given_again(
    laptop: Service, dana: User, omar: User
) -> None:
    request = factories.make_service_request(laptop, by=dana, at=MONDAY_10)
    values = canned.values_for(request, by=omar, now=MONDAY_NOON, ready_by=MONDAY_10)
    assert values["due"] == "[the time that was promised has passed]"


# -- Keeping -------------------------------------------------------------------------------------


def test_a_lead_keeps_changes_and_removes_and_the_audit_says_so(it: Department, lena: User) -> None:
    one = _kept(it, lena, text="Hello {requester}")
    canned.keep(it, name="Hello", text="Good day", by=lena, at=MONDAY_NOON, reply=one)
    canned.remove(one, by=lena, at=MONDAY_NOON)
    entries = AuditEntry.objects.filter(kind="cannedreply").order_by("pk")
    assert [entry.deed for entry in entries] == ["created", "changed", "deleted"]
    assert entries[1].changes == {"text": ["Hello {requester}", "Good day"]}
    assert not CannedReply.objects.exists()


@pytest.mark.parametrize(
    ("name", "text", "field"),
    [
        (" ", "x", "name"),
        ("x" * 81, "x", "name"),
        ("x", " \n", "text"),
        ("x", "x" * 10_001, "text"),
        ("x", "{name} of {requester}", "text"),
        ("x", "\x00y", "text"),
    ],
)
def test_what_will_not_do_is_refused_beside_its_field(
    it: Department, lena: User, name: str, text: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        _kept(it, lena, name, text)
    assert refused.value.field == field


def test_an_unknown_variable_is_named_with_those_there_are(it: Department, lena: User) -> None:
    with pytest.raises(Refused) as refused:
        _kept(it, lena, text="Dear {name}")
    assert "{name}" in refused.value.message
    assert "{requester_first_name}" in refused.value.message


def test_a_name_stands_once_in_a_department(
    it: Department, hr: Department, lena: User, kai: User
) -> None:
    _kept(it, lena, "Hello")
    with pytest.raises(Refused):
        _kept(it, lena, "HELLO")
    boss = factories.make_agent(kai.memberships.get().team, is_lead=True)
    assert _kept(hr, boss, "Hello").department == hr


def test_agents_and_leads_of_elsewhere_keep_none(
    it: Department, omar: User, kai: User, lena: User
) -> None:
    one = _kept(it, lena)
    for person in (omar, kai):
        with pytest.raises(NotAllowed):
            _kept(it, person, "Mine")
        with pytest.raises(NotAllowed):
            canned.remove(one, by=person, at=MONDAY_10)
        assert not canned.of(person, it).exists()


def test_of_two_who_change_one_the_second_is_told(it: Department, lena: User) -> None:
    one = _kept(it, lena)
    seen = one.updated_at
    change: dict[str, Any] = {
        "name": "Hello",
        "by": lena,
        "at": MONDAY_NOON,
        "reply": one,
        "seen": seen,
    }
    canned.keep(it, text="First", **change)
    with pytest.raises(StaleReply):
        canned.keep(it, text="Second", **change)
    canned.remove(one, by=lena, at=MONDAY_NOON)
    with pytest.raises(StaleReply):
        canned.keep(it, text="Third", **change)


# -- Offering ------------------------------------------------------------------------------------


def test_only_who_speaks_for_the_provider_is_offered_its_replies(
    it: Department, hr: Department, laptop: Service, dana: User, omar: User, kai: User, lena: User
) -> None:
    mine = _kept(it, lena)
    boss = factories.make_agent(kai.memberships.get().team, is_lead=True)
    _kept(hr, boss)
    request = factories.make_service_request(laptop, by=dana, at=MONDAY_10)
    assert list(canned.offered(omar, request)) == [mine]
    assert not canned.offered(dana, request).exists()
    assert not canned.offered(kai, request).exists()
    own = factories.make_service_request(laptop, by=omar, at=MONDAY_10)
    assert not canned.offered(omar, own).exists()
