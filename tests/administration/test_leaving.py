"""Nothing that is open stays with somebody who is gone."""

from __future__ import annotations

import pytest

import people.actions
from catalogue.models import Service
from people.models import Team, User
from requests_app import actions
from requests_app.kinds import Via
from requests_app.models import ServiceRequest
from servicedesk.administration import leaving
from slas.replay import differences
from tests import factories
from tests.times import FRIDAY_9, MONDAY_9, MONDAY_10, TUESDAY_9

pytestmark = pytest.mark.django_db


def _again(one: ServiceRequest) -> ServiceRequest:
    return ServiceRequest.objects.get(pk=one.pk)


def test_an_approval_goes_back_to_the_queue_it_was_taken_from(
    ada: User, omar: User, lena: User, dana: User, laptop: Service
) -> None:
    one = factories.make_service_request(laptop, by=dana)
    actions.take(one, by=omar, at=MONDAY_9)
    actions.ask_approval(one, approver=lena, by=omar, at=MONDAY_10)
    assert leaving.leave(omar, by=ada, at=TUESDAY_9) == 1
    assert (_again(one).status, _again(one).assignee) == ("awaiting_approval", None)
    actions.decide(one, approved=True, by=lena, at=FRIDAY_9)
    assert (_again(one).status, _again(one).assignee) == ("new", None)


def test_an_answer_to_a_question_of_who_left_waits_in_the_queue(
    ada: User, omar: User, lena: User, dana: User, laptop: Service
) -> None:
    one = factories.make_service_request(laptop, by=dana)
    actions.ask(one, message="Which?", look_again_on=TUESDAY_9.date(), by=omar, at=MONDAY_9)
    leaving.leave(omar, by=ada, at=MONDAY_10)
    actions.reply(one, message="The small one.", by=dana, at=TUESDAY_9)
    assert (_again(one).status, _again(one).assignee) == ("in_progress", None)
    actions.assign(one, assignee=lena, by=lena, at=TUESDAY_9)


def test_the_promises_of_returned_work_are_what_its_events_say(
    ada: User, omar: User, dana: User, laptop: Service
) -> None:
    taken = factories.make_service_request(laptop, by=dana)
    actions.take(taken, by=omar, at=MONDAY_9)
    waiting = factories.make_service_request(laptop, by=dana)
    actions.ask(waiting, message="Which?", look_again_on=TUESDAY_9.date(), by=omar, at=MONDAY_9)
    leaving.leave(omar, by=ada, at=MONDAY_10)
    assert differences([taken.pk, waiting.pk], FRIDAY_9) == []


def test_leaving_twice_is_leaving_once(ada: User, omar: User, laptop: Service) -> None:
    one = factories.make_service_request(laptop)
    actions.take(one, by=omar, at=MONDAY_9)
    assert leaving.leave(omar, by=ada, at=MONDAY_10) == 1
    assert leaving.leave(omar, by=ada, at=TUESDAY_9) == 0
    assert one.events.filter(kind="released").count() == 1


# -- Approvals they were asked for ---------------------------------------------------------------


def _asked_of(person: User, service: Service, *, by: User, requester: User) -> ServiceRequest:
    one = factories.make_service_request(service, by=requester)
    return actions.ask_approval(one, approver=person, by=by, at=MONDAY_9)


def test_an_approval_asked_of_who_leaves_is_asked_of_their_lead(
    ada: User, omar: User, lena: User, dana: User, kai: User, laptop: Service
) -> None:
    head = factories.make_agent(kai.memberships.get().team, is_lead=True)
    one = _asked_of(kai, laptop, by=omar, requester=dana)
    leaving.leave(kai, by=ada, at=TUESDAY_9)
    assert (_again(one).status, _again(one).approver) == ("awaiting_approval", head)
    assert head.notices.filter(service_request=one).exists()
    assert differences([one.pk], FRIDAY_9) == []
    actions.decide(one, approved=True, by=head, at=FRIDAY_9)
    assert _again(one).status == "new"


def test_a_deputy_goes_before_the_lead_and_nobody_approves_their_own(
    ada: User, omar: User, lena: User, dana: User, kai: User, laptop: Service
) -> None:
    people.actions.add_absence(
        kai, first_day=TUESDAY_9.date(), last_day=FRIDAY_9.date(), deputy=dana, by=kai, at=MONDAY_9
    )
    by_dana = _asked_of(kai, laptop, by=omar, requester=dana)
    by_omar = _asked_of(kai, laptop, by=lena, requester=omar)
    leaving.leave(kai, by=ada, at=TUESDAY_9)
    assert _again(by_omar).approver == dana
    assert _again(by_dana).approver == lena


def test_a_restricted_request_is_shown_to_no_other_lead_for_an_approval(
    ada: User, omar: User, lena: User, dana: User, kai: User, it_team: Team
) -> None:
    head = factories.make_agent(kai.memberships.get().team, is_lead=True)
    secret = factories.make_service(it_team.department, team=it_team, restricted=True)
    one = _asked_of(kai, secret, by=omar, requester=dana)
    leaving.leave(kai, by=ada, at=TUESDAY_9)
    assert _again(one).approver == lena != head


def test_where_nobody_stands_in_an_approval_waits_as_it_is(
    ada: User, omar: User, dana: User, kai: User, laptop: Service
) -> None:
    one = _asked_of(kai, laptop, by=omar, requester=dana)
    leaving.leave(kai, by=ada, at=TUESDAY_9)
    assert (_again(one).status, _again(one).approver) == ("awaiting_approval", kai)


def test_whom_a_directory_no_longer_names_hands_on_approvals_too(
    ada: User, omar: User, lena: User, dana: User, kai: User, laptop: Service
) -> None:
    one = _asked_of(kai, laptop, by=omar, requester=dana)
    leaving.return_work_of([kai.pk], by=ada, at=TUESDAY_9, via=Via.PAGE)
    assert _again(one).approver == lena
