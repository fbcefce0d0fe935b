"""Nothing that is open stays with somebody who is gone."""

from __future__ import annotations

import pytest

from catalogue.models import Service
from people.models import User
from requests_app import actions
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
