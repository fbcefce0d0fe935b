"""Who is asked how a resolution was received, when, and how often."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.core import signing
from django.db import IntegrityError, connection, transaction

from catalogue.models import Service
from feedback import invitations
from feedback.actions import rate
from feedback.invitations import BadLink, ExpiredLink
from feedback.models import Invitation, State, Withdrawal
from notices.models import MailLine, Notice
from people.models import Department, Team, User
from requests_app import actions
from requests_app.kinds import Via
from requests_app.models import Event, ServiceRequest
from tests.factories import make_agent, make_person, make_service, make_service_request, make_team
from tests.times import MONDAY_9, MONDAY_10, MONDAY_NOON, TUESDAY_9, hours, minutes

pytestmark = pytest.mark.django_db

HALF_AN_HOUR = minutes(30)


def resolved(
    service: Service, requester: User, agent: User, at: datetime = MONDAY_10, via: Via = Via.PAGE
) -> ServiceRequest:
    """A request asked an hour earlier and resolved at that moment."""
    request = make_service_request(service, by=requester, at=at - hours(1), via=via)
    return actions.resolve(request, message="There you are.", by=agent, at=at, via=via)


def invited(service: Service, requester: User, agent: User, at: datetime = MONDAY_10) -> Invitation:
    """An invitation that was sent half an hour after that moment."""
    request = resolved(service, requester, agent, at)
    invitations.advance(at + HALF_AN_HOUR)
    return Invitation.objects.get(service_request=request)


def test_a_resolution_is_to_be_rated_half_an_hour_later(
    laptop: Service, dana: User, omar: User
) -> None:
    request = resolved(laptop, dana, omar)
    invitation = Invitation.objects.get()
    assert invitation.person == dana
    assert invitation.due_at == MONDAY_10 + HALF_AN_HOUR
    assert invitation.resolution == request.events.get(kind="resolved")
    assert invitation.state(MONDAY_10) == State.NOT_YET


def test_an_invitation_remembers_who_served(laptop: Service, dana: User, omar: User) -> None:
    request = resolved(laptop, dana, omar)
    ServiceRequest.objects.filter(pk=request.pk).update(assignee=None)
    invitation = Invitation.objects.get()
    assert invitation.provider_department == laptop.department
    assert invitation.client_department == dana.department
    assert (invitation.service, invitation.team, invitation.assignee) == (laptop, laptop.team, omar)
    assert not invitation.was_breached


def test_an_invitation_remembers_a_promise_that_was_broken(
    laptop: Service, dana: User, omar: User
) -> None:
    request = make_service_request(laptop, by=dana)
    ServiceRequest.objects.filter(pk=request.pk).update(ever_breached=True)
    request.refresh_from_db()
    event = actions.resolve(request, message="Late.", by=omar, at=MONDAY_10).events.get(
        kind="resolved"
    )
    Invitation.objects.all().delete()
    event.service_request.ever_breached = True
    invitations.follow([event])
    assert Invitation.objects.get().was_breached


def test_nobody_is_asked_before_the_time(laptop: Service, dana: User, omar: User) -> None:
    resolved(laptop, dana, omar)
    assert invitations.advance(MONDAY_10 + HALF_AN_HOUR - timedelta(microseconds=1)) == 0
    assert not Event.objects.filter(kind="invited").exists()


def test_an_invitation_is_sent_once_and_dated_when_it_was_due(
    laptop: Service, dana: User, omar: User
) -> None:
    request = resolved(laptop, dana, omar)
    assert invitations.advance(TUESDAY_9) == 1
    assert invitations.advance(TUESDAY_9) == 0
    event = request.events.get(kind="invited")
    assert (event.at, event.actor) == (MONDAY_10 + HALF_AN_HOUR, None)
    invitation = Invitation.objects.get()
    assert event.data.invitation_id == invitation.pk
    assert invitation.expires_at == TUESDAY_9 + timedelta(days=14)
    assert invitation.state(TUESDAY_9) == State.OPEN
    assert invitation.state(invitation.expires_at) == State.EXPIRED


def test_many_pages_of_invitations_are_sent_in_one_go(
    laptop: Service, finance: Department, omar: User
) -> None:
    for _number in range(5):
        resolved(laptop, make_person(department=finance), omar)
    assert invitations.advance(MONDAY_NOON, batch=2) == 5


def test_reopening_takes_the_invitation_back(laptop: Service, dana: User, omar: User) -> None:
    request = resolved(laptop, dana, omar)
    actions.reopen(request, message="Not yet.", by=dana, at=MONDAY_10 + minutes(5))
    assert invitations.advance(MONDAY_NOON) == 0
    invitation = Invitation.objects.get()
    assert invitation.withdrawal == Withdrawal.REOPENED
    assert invitation.withdrawn_at == MONDAY_10 + minutes(5)


def test_reopening_leaves_a_rating_where_it_is(laptop: Service, dana: User, omar: User) -> None:
    invitation = invited(laptop, dana, omar)
    rate(invitation.pk, score=2, at=MONDAY_NOON)
    actions.reopen(invitation.service_request, message="Not yet.", by=dana, at=MONDAY_NOON)
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is None


def test_the_second_resolution_is_asked_about_when_the_first_one_was_not(
    laptop: Service, dana: User, omar: User
) -> None:
    request = resolved(laptop, dana, omar)
    actions.reopen(request, message="Not yet.", by=dana, at=MONDAY_10 + minutes(5))
    actions.resolve(request, message="Now.", by=omar, at=MONDAY_NOON)
    assert invitations.advance(TUESDAY_9) == 1
    assert Event.objects.get(kind="invited").at == MONDAY_NOON + HALF_AN_HOUR


def test_following_the_same_events_again_changes_nothing(
    laptop: Service, dana: User, omar: User
) -> None:
    request = resolved(laptop, dana, omar)
    actions.reopen(request, message="Not yet.", by=dana, at=MONDAY_NOON)
    before = list(Invitation.objects.values())
    for _again in range(2):
        with transaction.atomic():
            invitations.follow(list(request.events.all()))
    assert list(Invitation.objects.values()) == before


def test_one_resolution_can_never_have_two_invitations(
    laptop: Service, dana: User, omar: User
) -> None:
    resolved(laptop, dana, omar)
    twin = Invitation.objects.get()
    twin.pk = None
    with pytest.raises(IntegrityError):
        twin.save(force_insert=True)


def test_nobody_is_asked_twice_in_seven_days_about_one_department(
    laptop: Service, dana: User, omar: User
) -> None:
    invited(laptop, dana, omar, MONDAY_10)
    resolved(laptop, dana, omar, MONDAY_10 + timedelta(days=7) - minutes(1))
    resolved(laptop, dana, omar, MONDAY_10 + timedelta(days=7))
    assert invitations.advance(MONDAY_10 + timedelta(days=8)) == 1
    assert list(Invitation.objects.order_by("pk").values_list("withdrawal", flat=True)) == [
        "",
        Withdrawal.ASKED_LATELY,
        "",
    ]


def test_two_that_fall_due_together_make_one_question(
    laptop: Service, dana: User, omar: User
) -> None:
    resolved(laptop, dana, omar, MONDAY_10)
    resolved(laptop, dana, omar, MONDAY_10 + minutes(1))
    assert invitations.advance(TUESDAY_9) == 1


def test_two_departments_may_each_ask(
    laptop: Service, hr: Department, dana: User, omar: User, kai: User
) -> None:
    resolved(laptop, dana, omar)
    resolved(make_service(hr), dana, kai)
    assert invitations.advance(TUESDAY_9) == 2


def test_nobody_rates_the_department_they_serve_in(
    laptop: Service, it: Department, lena: User, omar: User
) -> None:
    elsewhere_in_it = make_agent(make_team(it), "Ruth Walsh")
    resolved(laptop, lena, omar)
    resolved(laptop, elsewhere_in_it, omar)
    assert not Invitation.objects.exists()


def test_nobody_rates_a_service_of_their_own(laptop: Service, dana: User, omar: User) -> None:
    laptop.owner = dana
    laptop.save(update_fields=["owner"])
    resolved(laptop, dana, omar)
    assert not Invitation.objects.exists()


def test_someone_of_the_department_who_does_not_serve_may_rate(
    laptop: Service, it: Department, omar: User
) -> None:
    resolved(laptop, make_person(department=it), omar)
    assert Invitation.objects.count() == 1


def test_who_has_left_is_not_asked(laptop: Service, dana: User, omar: User) -> None:
    resolved(laptop, dana, omar)
    User.objects.filter(pk=dana.pk).update(is_active=False)
    assert invitations.advance(TUESDAY_9) == 0
    assert Invitation.objects.get().withdrawal == Withdrawal.LEFT


def test_an_imported_request_asks_nobody(laptop: Service, dana: User, omar: User) -> None:
    resolved(laptop, dana, omar, via=Via.IMPORT)
    assert not Invitation.objects.exists()


def test_a_seeded_request_asks_silently(laptop: Service, dana: User, omar: User) -> None:
    request = resolved(laptop, dana, omar, via=Via.SEED)
    other = resolved(laptop, make_person(), omar, via=Via.SEED)
    sent = invitations.advance(TUESDAY_9, via=Via.SEED, service_request_ids=[request.pk])
    assert sent == 1
    assert request.events.get(kind="invited").via == Via.SEED
    assert other.invitations.get().state(TUESDAY_9) == State.NOT_YET
    rate(request.invitations.get().pk, score=4, at=TUESDAY_9, via=Via.SEED)
    assert not Notice.objects.exists()
    assert not MailLine.objects.exists()


def test_a_link_leads_back_to_its_invitation(laptop: Service, dana: User, omar: User) -> None:
    invitation = invited(laptop, dana, omar)
    found = invitations.from_token(invitations.token(invitation), now=MONDAY_NOON)
    assert found == invitation


def test_a_rated_link_still_shows_what_was_said(laptop: Service, dana: User, omar: User) -> None:
    invitation = invited(laptop, dana, omar)
    rate(invitation.pk, score=5, at=MONDAY_NOON)
    token = invitations.token(invitation)
    assert invitations.from_token(token, now=MONDAY_NOON + hours(400)).rating.score == 5


@pytest.mark.parametrize("change", ["", "x", ":", "1", "1:", "1:x", "²:x", "\x00", "9" * 5000])
def test_a_link_made_up_is_refused(change: str) -> None:
    with pytest.raises(BadLink):
        invitations.from_token(change, now=MONDAY_NOON)


def test_an_altered_link_is_refused(laptop: Service, dana: User, omar: User) -> None:
    number, signature = invitations.token(invited(laptop, dana, omar)).split(":")
    for forged in (f"{int(number) + 1}:{signature}", f"{number}:{signature[:-1]}", number):
        with pytest.raises(BadLink):
            invitations.from_token(forged, now=MONDAY_NOON)


def test_a_signature_for_something_else_does_not_rate(
    laptop: Service, dana: User, omar: User
) -> None:
    invitation = invited(laptop, dana, omar)
    with pytest.raises(BadLink):
        invitations.from_token(signing.Signer().sign(str(invitation.pk)), now=MONDAY_NOON)


def test_a_well_signed_link_to_nothing_is_refused() -> None:
    with pytest.raises(BadLink):
        invitations.from_token(invitations.token(Invitation(pk=987654321)), now=MONDAY_NOON)


def test_a_link_is_good_for_fourteen_days(laptop: Service, dana: User, omar: User) -> None:
    invitation = invited(laptop, dana, omar)
    token, end = invitations.token(invitation), invitation.expires_at
    assert end == MONDAY_10 + HALF_AN_HOUR + timedelta(days=14)
    assert invitations.from_token(token, now=end - timedelta(microseconds=1)) == invitation
    with pytest.raises(ExpiredLink):
        invitations.from_token(token, now=end)


def test_a_link_taken_back_is_no_longer_good(laptop: Service, dana: User, omar: User) -> None:
    invitation = invited(laptop, dana, omar)
    actions.reopen(invitation.service_request, message="Not yet.", by=dana, at=MONDAY_NOON)
    with pytest.raises(ExpiredLink):
        invitations.from_token(invitations.token(invitation), now=MONDAY_NOON)


def test_home_lists_what_one_may_rate(laptop: Service, dana: User, omar: User, kai: User) -> None:
    invitation = invited(laptop, dana, omar)
    assert invitations.open_for(dana, MONDAY_NOON) == [invitation]
    assert invitations.open_for(kai, MONDAY_NOON) == []
    assert invitations.open_for(dana, invitation.expires_at) == []
    rate(invitation.pk, score=5, at=MONDAY_NOON)
    assert invitations.open_for(dana, MONDAY_NOON) == []
    latest = invitations.latest_of(invitation.service_request)
    assert latest is not None
    assert latest.rating.score == 5


@pytest.mark.django_db(transaction=True)
def test_a_request_in_someones_hands_is_left_for_the_next_time(
    laptop: Service, dana: User, omar: User
) -> None:
    request = resolved(laptop, dana, omar)
    found: list[int] = []

    def elsewhere() -> None:
        found.append(invitations.advance(TUESDAY_9))
        connection.close()

    with transaction.atomic():
        ServiceRequest.objects.lock(request.pk)
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join(20)
    assert found == [0]
    assert invitations.advance(TUESDAY_9) == 1


@pytest.mark.django_db(transaction=True)
def test_many_beats_at_once_ask_a_person_once(
    laptop: Service, it_team: Team, dana: User, omar: User
) -> None:
    for number in range(6):
        resolved(laptop, dana, omar, MONDAY_10 + minutes(number))
    gate = threading.Barrier(4)
    failures: list[BaseException] = []

    def beat() -> None:
        try:
            gate.wait(20)
            invitations.advance(TUESDAY_9, batch=1)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=beat) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    invitations.advance(TUESDAY_9)
    assert failures == []
    assert Event.objects.filter(kind="invited").count() == 1
    assert Invitation.objects.filter(withdrawal=Withdrawal.ASKED_LATELY).count() == 5


def test_planning_takes_the_same_queries_for_one_and_for_many(
    laptop: Service, finance: Department, omar: User, django_assert_num_queries: object
) -> None:
    events = []
    for _number in range(6):
        request = resolved(laptop, make_person(department=finance), omar, MONDAY_9)
        events.append(request.events.select_related("service_request").get(kind="resolved"))
    for some in (events[:1], events):
        with django_assert_num_queries(3):  # type: ignore[operator]
            invitations.follow(some)
