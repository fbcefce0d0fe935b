"""The bell: how many, which, and what has been looked at."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import IntegrityError, transaction

from catalogue.models import Service
from feedback import invitations
from notices import inbox
from notices.models import Notice
from people.models import Membership, Team, User
from requests_app import actions
from requests_app.models import ServiceRequest
from tests.beforehand import beforehand
from tests.factories import make_service, make_service_request
from tests.times import MONDAY_9, MONDAY_10, MONDAY_NOON, TUESDAY_9

pytestmark = pytest.mark.django_db

CountQueries = Callable[[int], AbstractContextManager[object]]


def talk(service_request: ServiceRequest, agent: User, times: int) -> None:
    """The agent says so many things."""
    for number in range(times):
        actions.reply(service_request, message=f"Word {number}", by=agent, at=MONDAY_10)


@pytest.fixture
@beforehand
def asked(laptop: Service, dana: User, omar: User) -> ServiceRequest:
    """Dana asked, Omar took it: one line behind Dana's bell."""
    return actions.take(make_service_request(laptop, by=dana, at=MONDAY_9), by=omar, at=MONDAY_9)


def test_the_bell_counts_what_was_not_looked_at(
    asked: ServiceRequest, dana: User, omar: User, kai: User
) -> None:
    talk(asked, omar, 2)
    assert inbox.unread_count(dana) == 3
    assert inbox.unread_count(kai) == 0
    assert inbox.mark_read(dana, at=MONDAY_NOON) == 3
    assert inbox.unread_count(dana) == 0
    assert inbox.mark_read(dana, at=TUESDAY_9) == 0
    assert set(Notice.objects.filter(user=dana).values_list("read_at", flat=True)) == {MONDAY_NOON}


def test_the_bell_stops_counting_at_a_hundred(
    asked: ServiceRequest, dana: User, django_assert_num_queries: CountQueries
) -> None:
    event = asked.events.get(kind="taken")
    twins = [event.__class__(**vars_of(event)) for _ in range(120)]
    event.__class__.objects.bulk_create(twins)
    Notice.objects.bulk_create(
        Notice(user=dana, event=one, service_request=asked, kind="taken", created_at=MONDAY_9)
        for one in twins
    )
    with django_assert_num_queries(1):
        assert inbox.unread_count(dana) == 100


def vars_of(event: object) -> dict[str, object]:
    """What a second event of the same kind is made of."""
    names = ("service_request_id", "kind", "at", "actor_id", "via", "audience", "payload")
    return {name: getattr(event, name) for name in names}


def test_opening_a_request_reads_its_lines_and_no_others(
    laptop: Service, asked: ServiceRequest, dana: User, omar: User
) -> None:
    other = actions.take(make_service_request(laptop, by=dana), by=omar, at=MONDAY_10)
    assert inbox.mark_read(dana, at=MONDAY_NOON, service_request=other) == 1
    assert [line.is_unread for line in inbox.latest(dana)] == [False, True]


def test_nobody_reads_for_someone_else(asked: ServiceRequest, dana: User, omar: User) -> None:
    inbox.mark_read(omar, at=MONDAY_NOON)
    assert inbox.unread_count(dana) == 1


def test_lines_come_newest_first_and_page_by_key(
    asked: ServiceRequest, dana: User, omar: User
) -> None:
    talk(asked, omar, 5)
    first = inbox.latest(dana, limit=4)
    rest = inbox.latest(dana, limit=4, before=first[-1].id)
    assert [line.kind for line in first + rest] == ["replied"] * 5 + ["taken"]
    ids = [line.id for line in first + rest]
    assert ids == sorted(ids, reverse=True)


def test_a_line_says_what_happened_and_leads_there(
    asked: ServiceRequest, dana: User, omar: User
) -> None:
    [line] = inbox.latest(dana)
    assert line.text == "Omar Quinn is working on “New laptop”"
    assert line.url == asked.get_absolute_url()
    assert (line.reference, line.at, line.is_unread) == (asked.reference, MONDAY_9, True)


def test_the_invitation_leads_to_the_page_where_one_rates(
    asked: ServiceRequest, dana: User, omar: User
) -> None:
    actions.resolve(asked, message="Done.", by=omar, at=MONDAY_10)
    invitations.advance(MONDAY_NOON)
    line = inbox.latest(dana)[0]
    assert line.kind == "invited"
    assert invitations.token(asked.invitations.get()) in line.url


def test_of_a_restricted_request_the_bell_says_only_the_reference(
    it_team: Team, dana: User, omar: User
) -> None:
    service = make_service(it_team.department, team=it_team, restricted=True)
    request = make_service_request(service, by=dana, subject="My salary")
    actions.take(request, by=omar, at=MONDAY_10)
    assert [line.text for line in inbox.latest(dana)] == [f"News about {request.reference}"]
    assert [line.text for line in inbox.latest(omar)] == [f"News about {request.reference}"]


def test_what_one_may_no_longer_see_loses_its_words_and_its_link(
    laptop: Service, dana: User, omar: User
) -> None:
    request = make_service_request(laptop, by=dana)
    Membership.objects.filter(user=omar).delete()
    [line] = inbox.latest(omar)
    assert (line.text, line.url) == (f"News about {request.reference}", "")


def test_twenty_lines_take_no_more_queries_than_one(
    laptop: Service,
    asked: ServiceRequest,
    dana: User,
    omar: User,
    django_assert_num_queries: CountQueries,
) -> None:
    with django_assert_num_queries(5):
        assert len(inbox.latest(User.objects.get(pk=dana.pk))) == 1
    for _number in range(10):
        talk(make_service_request(laptop, by=dana), omar, 2)
    with django_assert_num_queries(5):
        assert len(inbox.latest(User.objects.get(pk=dana.pk))) == 20


def test_nobody_is_told_the_same_twice(asked: ServiceRequest) -> None:
    twin = Notice.objects.all()[0]
    twin.pk = None
    with pytest.raises(IntegrityError, match="notice_once"), transaction.atomic():
        twin.save(force_insert=True)
