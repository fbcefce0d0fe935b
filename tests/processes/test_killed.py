"""Processes are killed, servers go and come back: nothing is lost, and nothing is there twice."""

from __future__ import annotations

import threading
import time
import uuid
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
import redis
from celery import Celery
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from calendars.contents import Contents
from notices.models import MailLine, OutboxMail
from requests_app import actions
from requests_app.models import Event, Message, ServiceRequest
from slas import replay
from slas.engine import Metric
from slas.models import Clock, Reapplying
from slas.reapply import runs
from slas.reapply.changes import newest_of
from tests import locks
from tests.processes.company import BUDGET, Company
from tests.processes.person import Answer, Person
from tests.processes.stack import Stack, wait_until

pytestmark = pytest.mark.process


def assert_found_once_and_dated_when_due(company: Company) -> None:
    """Each promise of each request: two warnings, then one breach with the step that belongs to it,
    each dated when it was due."""
    for pk in company.requests:
        clocks = {clock.metric: clock for clock in Clock.objects.filter(service_request=pk)}
        found: dict[str, list[Event]] = {metric: [] for metric in clocks}
        for event in company.findings(pk):
            found[event.data.metric].append(event)
        for metric, events in found.items():
            clock = clocks[metric]
            if clock.breached_at is None:
                continue
            assert clock.breached_at == clock.due_at
            assert clock.due_at == clock.started_at + clock.budget
            assert [event.kind for event in events] == ["warned", "warned", "breached"]
            assert [event.at for event in events] == [
                clock.started_at + clock.budget * share for share in (0.5, 0.75, 1)
            ]
            assert all(event.recorded_at >= event.at for event in events)
            steps = Event.objects.filter(kind="escalated", payload__clock_id=clock.pk)
            assert [event.at for event in steps] == [clock.breached_at]


def all_late(company: Company) -> bool:
    return all(clock.breached_at for clock in company.clocks())


def mails_about(company: Company) -> QuerySet[OutboxMail]:
    """Mails of one of the requests, and mails of what is late on some of them."""
    lines = MailLine.objects.filter(event__service_request__in=company.requests)
    return OutboxMail.objects.filter(pk__in=lines.values("mail"))


def mail_is_out(company: Company) -> bool:
    mails = mails_about(company)
    return mails.exists() and not mails.filter(sent_at=None).exists()


def assert_everyone_was_told_once(stack: Stack, company: Company) -> None:
    """Who had to hear of a finding has one mail with it, and no mail went out twice."""
    breaches = Event.objects.filter(service_request__in=company.requests, kind="breached")
    told = Counter(
        MailLine.objects.filter(event__in=breaches).values_list("event", "recipient__name")
    )
    assert told == {
        (event.pk, name): 1 for event in breaches for name in ("Omar Quinn", "Lena Nowak")
    }
    rows = mails_about(company)
    sent = Counter(
        (one.to, one.message_id)
        for one in stack.mail.mails
        if one.to in {person.email for person in (company.dana, company.omar, company.lena)}
    )
    assert sent == {(row.recipient.email, row.message_id): 1 for row in rows}


def test_what_fell_due_while_worker_and_beat_were_dead_is_recorded_once_with_its_true_time(
    stack: Stack, company: Company
) -> None:
    stack.kill("worker", "beat")
    for seconds in range(1, 5):
        company.ask_due_in(seconds)
    time.sleep(5)
    assert not any(clock.breached_at for clock in company.clocks())  # nobody else does it
    stack.start()
    wait_until("everything is found", lambda: all_late(company))
    assert_found_once_and_dated_when_due(company)
    wait_until("all mails are out", lambda: mail_is_out(company))
    assert_everyone_was_told_once(stack, company)
    burst = mails_about(company).filter(purpose="late")
    assert Counter(burst.values_list("recipient__name", flat=True)) == {
        "Omar Quinn": 1,
        "Lena Nowak": 1,
    }


def test_worker_and_beat_may_be_killed_again_and_again_while_clocks_fall_due(
    stack: Stack, company: Company
) -> None:
    for number in range(80):
        company.ask_due_in(4 + number / 10)
    for pause in (3.0, 2.0, 4.0):
        stack.kill("worker", "beat")
        stack.start()
        time.sleep(pause)
    wait_until("everything is found", lambda: all_late(company), 60)
    assert_found_once_and_dated_when_due(company)


def test_two_beats_and_two_workers_at_once_write_everything_once(
    stack: Stack, company: Company
) -> None:
    stack.run("second worker", "worker")
    stack.run("second beat", "beat")
    try:
        for number in range(40):
            company.ask_due_in(2 + number / 20)
        wait_until("everything is found", lambda: all_late(company))
        wait_until("all mails are out", lambda: mail_is_out(company), 60)
    finally:
        stack.kill("second worker", "second beat")
    assert_found_once_and_dated_when_due(company)
    assert_everyone_was_told_once(stack, company)


def test_without_redis_pages_work_on_and_what_is_missed_is_made_good(
    stack: Stack, company: Company
) -> None:
    dana = Person(stack.base_url, company.dana.email).sign_in()
    before = company.ask_due_in(3)
    stack.kill("valkey")
    time.sleep(2)  # what the worker had in its hands is done

    reference = dana.ask_for(company.path, "A badge for the new colleague.")
    assert dana.reply(reference, "It is for Monday.").status == 200
    assert Person.is_signed_in(dana.get("/requests/"))
    omar = Person(stack.base_url, company.omar.email).sign_in()
    assert "It is for Monday." in omar.get(f"/requests/{reference}/").text
    assert omar.post(f"/requests/{reference}/do/take/", key=str(uuid.uuid4())).status == 200
    ready = omar.get("/readyz")
    assert (ready.status, '"broker": false' in ready.text) == (200, True)
    time.sleep(3)
    company.requests.append(ServiceRequest.objects.get(reference=reference).pk)
    waiting = OutboxMail.objects.filter(service_request__reference=reference)
    assert {(row.recipient.name, row.sent_at) for row in waiting} == {
        ("Dana Byrne", None),
        ("Lena Nowak", None),
        ("Omar Quinn", None),
    }

    stack.serve("valkey")
    wait_until("what fell due is found", lambda: all_found(before), 60)
    wait_until("all mails are out", lambda: mail_is_out(company), 60)
    assert_found_once_and_dated_when_due(company)
    assert_everyone_was_told_once(stack, company)
    for person in (dana, omar):
        assert Person.is_signed_in(person.get("/requests/"))


def test_a_worker_outlives_redis_with_a_tick_that_it_took_and_could_not_begin(
    stack: Stack, company: Company
) -> None:
    """Nobody is there to whom it could be given back: that once was the end of the worker."""
    stack.kill("beat")
    late = company.ask_due_in(2)
    with redis.Redis.from_url(stack.urls["valkey"]) as broker, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE slas_clock IN ACCESS EXCLUSIVE MODE")
        with Celery(broker=stack.urls["valkey"]) as beat:
            for _ in range(3):
                beat.send_task("slas.tasks.sweep", expires=60)
        wait_until("two wait for the clocks", lambda: locks.waiting() == 2)
        wait_until("the third is taken", lambda: broker.llen("celery") == 0)
        time.sleep(0.5)  # and nothing more is in the worker's hands
        stack.kill("valkey")
        time.sleep(1)  # the worker sees it
    stack.serve("valkey")
    stack.start()
    wait_until("what fell due is found", lambda: all_found(late))
    assert_found_once_and_dated_when_due(company)


def let_leases_run_out(company: Company) -> None:
    """Two minutes later: what was sent and could not be stamped is in nobody's hands again."""
    mails_about(company).filter(sent_at=None).update(lease_until=timezone.now())


def all_found(service_request: ServiceRequest) -> bool:
    return Clock.objects.filter(service_request=service_request, breached_at__isnull=False).exists()


def writes_until(
    stop: threading.Event, person: Person, reference: str, kept: list[str], seen: list[Answer]
) -> None:
    """Say one thing after the other; what was not confirmed is sent again as it was."""
    while not stop.is_set():
        words, key = f"word {uuid.uuid4()}", str(uuid.uuid4())
        while True:
            answer = person.reply(reference, words, key)
            seen.append(answer)
            if answer.status == 200:
                kept.append(words)
                break
            if stop.is_set():
                return
            time.sleep(0.1)


def wrote_more_than(kept: list[list[str]], count: int) -> bool:
    return sum(map(len, kept)) > count


def test_postgresql_may_be_restarted_under_load(stack: Stack, company: Company) -> None:
    now = timezone.now()
    references = [company.ask(now).reference for _ in range(4)]
    due_soon = company.ask_due_in(4)
    people = [Person(stack.base_url, company.dana.email).sign_in() for _ in references]
    stop, seen = threading.Event(), list[Answer]()
    kept: list[list[str]] = [[] for _ in references]
    writers = [
        threading.Thread(target=writes_until, args=(stop, person, reference, said, seen))
        for person, reference, said in zip(people, references, kept, strict=True)
    ]
    connection.close()
    for writer in writers:
        writer.start()
    try:
        for how in (2, 9):  # in good order, and by force
            time.sleep(2)
            stack.kill("postgres", number=how)
            time.sleep(0.5)
            stack.serve("postgres")
            count = sum(map(len, kept))
            wait_until("they write again", partial(wrote_more_than, kept, count + 8))
    finally:
        stop.set()
        for writer in writers:
            writer.join(60)

    assert any(answer.status != 200 for answer in seen), "nobody noticed the restarts"
    assert not [answer for answer in seen if "/accounts/login/" in answer.url]
    for person in people:
        assert Person.is_signed_in(person.get("/requests/"))
    for reference, said in zip(references, kept, strict=True):
        bodies = Counter(
            Message.objects.filter(service_request__reference=reference).values_list(
                "text", flat=True
            )
        )
        assert {words: bodies[words] for words in said} == dict.fromkeys(said, 1)
        assert set(bodies.values()) == {1}
    wait_until("what fell due is found", lambda: all_found(due_soon))
    let_leases_run_out(company)
    wait_until("all mails are out", lambda: mail_is_out(company), 60)
    assert_found_once_and_dated_when_due(company)


def test_a_worker_killed_between_sending_and_stamping_sends_again_under_the_same_message_id(
    stack: Stack, company: Company
) -> None:
    stack.mail.answering.clear()
    company.ask(timezone.now())
    first = wait_until("a mail arrives", lambda: stack.mail.to(company.dana.email))
    stack.kill("worker")
    row = OutboxMail.objects.get(recipient=company.dana)
    assert row.sent_at is None
    assert row.lease_until is not None

    stack.start()
    time.sleep(3)
    assert len(stack.mail.to(company.dana.email)) == 1  # the lease still runs
    let_leases_run_out(company)
    wait_until("it is stamped", lambda: mail_is_out(company))
    again = stack.mail.to(company.dana.email)
    assert [one.message_id for one in again] == [first[0].message_id, row.message_id]
    time.sleep(2)
    assert len(stack.mail.to(company.dana.email)) == 2


def test_mail_waits_while_its_server_is_away_and_then_goes_out_once(
    stack: Stack, company: Company
) -> None:
    stack.mail.stop()
    service_request = company.ask(timezone.now())
    actions.take(service_request, by=company.omar, at=timezone.now())
    actions.reply(service_request, by=company.omar, at=timezone.now(), message="On its way.")
    time.sleep(4)
    rows = OutboxMail.objects.filter(service_request=service_request)
    assert rows.filter(sent_at=None, attempts=0).count() == rows.count() > 0  # no try is lost

    stack.mail.start()
    wait_until("all mails are out", lambda: mail_is_out(company))
    mails = stack.mail.to(company.dana.email)
    assert len(mails) == 1
    assert "On its way." in mails[0].text


def test_the_web_process_may_be_killed_and_nobody_is_signed_out(
    stack: Stack, company: Company
) -> None:
    dana = Person(stack.base_url, company.dana.email).sign_in()
    stack.kill("web")
    assert dana.get("/requests/").status == 0
    stack.start()
    assert Person.is_signed_in(dana.get("/requests/"))


def test_no_promise_is_kept_waiting_longer_than_the_schedule_says(
    stack: Stack, company: Company
) -> None:
    company.ask_due_in(3)
    wait_until("it is found", lambda: all_late(company))
    for clock in company.clocks():
        assert clock.noticed_at is not None
        assert clock.due_at is not None
        assert timedelta() <= clock.noticed_at - clock.due_at < timedelta(seconds=15)
        assert clock.budget == BUDGET


def test_the_clock_may_be_set_back_an_hour_and_nothing_is_lost_or_twice(
    stack: Stack, company: Company
) -> None:
    omar = Person(stack.base_url, company.omar.email).sign_in()
    dana = Person(stack.base_url, company.dana.email).sign_in()
    late = company.ask_due_in(2)
    wait_until("it is found late", lambda: all_found(late))
    try:
        stack.set_clock(-3600)
        assert omar.reply(late.reference, "Here it is.").status == 200
        asked = dana.ask_for(company.path, "Asked while the clock was slow.")
        company.requests.append(ServiceRequest.objects.get(reference=asked).pk)
        due = company.ask_due_in(2)
        time.sleep(4)
        assert not all_found(due)  # for the desk it is an hour until then
    finally:
        stack.set_clock(0)
    wait_until("the others are found, too", lambda: all_late(company))
    wait_until("all mails are out", lambda: mail_is_out(company), 60)
    assert_found_once_and_dated_when_due(company)
    assert_everyone_was_told_once(stack, company)
    first = Clock.objects.get(service_request=late, metric=Metric.FIRST_RESPONSE)
    assert first.breached_at is not None
    assert late.events.get(kind="replied").at > first.breached_at
    assert replay.differences(company.requests, timezone.now()) == []


def test_a_worker_killed_while_changed_hours_are_applied_leaves_nothing_half_done(
    stack: Stack, company: Company
) -> None:
    now = timezone.now()
    for _ in range(runs.BATCH + 5):
        company.ask(now)
    calendar = company.provider.calendars.get()
    newest = newest_of(calendar.pk)
    hours = replace(Contents.of(newest), own_closed={now.date() + timedelta(days=30): "Moving"})
    stack.kill("worker")
    _, run = runs.change_calendar(calendar, hours, seen=newest.number, by=company.lena, at=now)
    assert run is not None
    assert run.to_do == runs.BATCH + 5
    with transaction.atomic():
        ServiceRequest.objects.lock(company.requests[-1])
        stack.start()
        wait_until("the first batch is done", lambda: done_of(run) == runs.BATCH)
        time.sleep(1)  # and it waits in the midst of the second
        stack.kill("worker")
    stack.start()
    Reapplying.objects.filter(pk=run.pk).update(claimed_until=now)  # a minute later
    wait_until("all of them are done", lambda: done_of(run) == runs.BATCH + 5)
    wait_until("it has ended", lambda: Reapplying.objects.get(pk=run.pk).is_finished)
    told = Event.objects.filter(kind="calendar_changed", service_request__in=company.requests)
    assert Counter(told.values_list("service_request", flat=True)) == dict.fromkeys(
        company.requests, 1
    )
    assert replay.differences(company.requests, timezone.now()) == []


def done_of(run: Reapplying) -> int:
    return Reapplying.objects.get(pk=run.pk).done
