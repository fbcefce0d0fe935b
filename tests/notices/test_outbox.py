"""The outbox: one mail for a burst, sent once, tried again, never lost."""

from __future__ import annotations

import smtplib
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import Message as EmailPart

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, connection, transaction

from catalogue.models import Service
from feedback import invitations
from notices import outbox
from notices.models import KeptMail, MailLine, OutboxMail
from notices.outbox import LEASE, PAUSES, TRIES, WAITS_FOR_SWEEP, deliver, oldest_undelivered
from notices.tasks import deliver as deliver_task
from people.models import User
from requests_app import actions
from requests_app.kinds import Via
from requests_app.models import ServiceRequest
from slas.sweep import oldest_unswept, settle, sweep
from tests.beforehand import beforehand
from tests.factories import make_service_request
from tests.times import MONDAY_9, MONDAY_10, MONDAY_NOON, TUESDAY_9, minutes

pytestmark = pytest.mark.django_db

BURST = timedelta(seconds=30)
Sent = list[EmailMultiAlternatives]


def refuse(_message: EmailMultiAlternatives) -> None:
    """A mail server that takes nothing."""
    raise smtplib.SMTPRecipientsRefused({"dana@desk.example": (450, b"later")})


@pytest.fixture
@beforehand
def asked(laptop: Service, dana: User) -> ServiceRequest:
    """Dana asked at 9; one mail waits for her (IT's team is empty)."""
    return make_service_request(laptop, by=dana, at=MONDAY_9)


def test_a_mail_waits_for_the_end_of_the_burst(asked: ServiceRequest) -> None:
    sent: Sent = []
    deliver(MONDAY_9 + BURST - timedelta(microseconds=1), send=sent.append)
    assert sent == []
    deliver(MONDAY_9 + BURST, send=sent.append)
    assert [message.to for message in sent] == [["dana@desk.example"]]


def test_a_burst_to_one_person_makes_one_mail(
    asked: ServiceRequest, omar: User, dana: User
) -> None:
    actions.take(asked, by=omar, at=MONDAY_9)
    actions.reply(asked, message="On my way.", by=omar, at=MONDAY_9)
    actions.resolve(asked, message="There you are.", by=omar, at=MONDAY_9 + BURST / 2)
    sent: Sent = []
    deliver(MONDAY_9 + BURST, send=sent.append)
    [message] = [one for one in sent if one.to == [dana.email]]
    assert message.subject == "Done: New laptop"
    body = str(message.body)
    assert body.index("has received") < body.index("On my way.") < body.index("There you are.")


def test_what_comes_after_the_mail_was_taken_up_makes_a_new_one(
    asked: ServiceRequest, omar: User
) -> None:
    deliver(MONDAY_9 + BURST, send=lambda _message: None)
    actions.reply(asked, message="On my way.", by=omar, at=MONDAY_10)
    assert OutboxMail.objects.filter(recipient=asked.requester).count() == 2
    sent: Sent = []
    deliver(MONDAY_10 + BURST, send=sent.append)
    assert len(sent) == 1
    assert "has received" not in str(sent[0].body)


def test_a_mail_that_failed_takes_nothing_more(asked: ServiceRequest, omar: User) -> None:
    deliver(MONDAY_9 + BURST, send=refuse)
    actions.reply(asked, message="On my way.", by=omar, at=MONDAY_10)
    first, second = OutboxMail.objects.filter(recipient=asked.requester).order_by("pk")
    assert [line.kind for line in first.lines.all()] == ["received"]
    assert [line.kind for line in second.lines.all()] == ["replied"]


def test_two_requests_make_two_mails(laptop: Service, dana: User) -> None:
    for _number in range(2):
        make_service_request(laptop, by=dana, at=MONDAY_9)
    assert deliver(MONDAY_10, send=lambda _message: None).sent == 2


def late_for_omar(laptop: Service, dana: User, omar: User, count: int) -> list[ServiceRequest]:
    """Requests of Monday at 9 that Omar has taken and nobody answered."""
    asked = [make_service_request(laptop, by=dana, at=MONDAY_9) for _number in range(count)]
    for one in asked:
        actions.take(one, by=omar, at=MONDAY_9)
    deliver(MONDAY_9 + BURST, send=lambda _message: None)
    return asked


def test_one_person_gets_one_mail_for_a_burst_of_breaches(
    laptop: Service, dana: User, omar: User
) -> None:
    first, second, third = late_for_omar(laptop, dana, omar, 3)
    sweep(TUESDAY_9)
    sent: Sent = []
    deliver(TUESDAY_9, send=sent.append)
    [message] = [one for one in sent if one.to == [omar.email]]
    assert message.subject == "3 requests are late"
    for one in (first, second, third):
        assert one.reference in str(message.body)
        assert one.get_absolute_url() in str(message.body)
    assert MailLine.objects.filter(mail__purpose="late", recipient=omar).count() == 6


def test_a_breach_of_one_request_is_told_as_news_of_it(
    laptop: Service, dana: User, omar: User
) -> None:
    late_for_omar(laptop, dana, omar, 1)
    sweep(TUESDAY_9)
    sent: Sent = []
    deliver(TUESDAY_9, send=sent.append)
    assert [one.subject for one in sent if one.to == [omar.email]] == ["Late: New laptop"]


def test_what_is_late_and_restricted_is_told_by_its_reference_alone(
    laptop: Service, dana: User, omar: User
) -> None:
    open_one, restricted = late_for_omar(laptop, dana, omar, 2)
    ServiceRequest.objects.filter(pk=restricted.pk).update(restricted=True, subject="My illness")
    sweep(TUESDAY_9)
    sent: Sent = []
    deliver(TUESDAY_9, send=sent.append)
    [message] = [one for one in sent if one.to == [omar.email]]
    assert f"News about {restricted.reference}" in str(message.body)
    assert "My illness" not in str(message.body) + str(message.alternatives[0][0])
    assert f"Late: {open_one.subject}" in str(message.body)


def test_a_mail_of_what_is_late_waits_for_a_sweep_that_is_behind(
    laptop: Service, dana: User, omar: User
) -> None:
    early, later = late_for_omar(laptop, dana, omar, 2)
    settle([early.pk], TUESDAY_9, Via.DESK)
    [row] = OutboxMail.objects.filter(purpose="late", recipient=omar)
    due = row.not_before
    assert oldest_unswept(due) is not None
    deliver(due, send=lambda _message: None)
    row.refresh_from_db()
    assert row.sent_at is None
    sweep(due)
    assert deliver(due, send=lambda _message: None).sent >= 1
    row.refresh_from_db()
    assert row.sent_at == due
    about = row.lines.values_list("event__service_request", flat=True)
    assert set(about) == {early.pk, later.pk}


def test_a_clock_that_cannot_be_swept_holds_up_no_mail_for_long(
    laptop: Service, dana: User, omar: User
) -> None:
    early, _later = late_for_omar(laptop, dana, omar, 2)
    settle([early.pk], TUESDAY_9, Via.DESK)
    [row] = OutboxMail.objects.filter(purpose="late", recipient=omar)
    deliver(row.not_before + WAITS_FOR_SWEEP, send=lambda _message: None)
    row.refresh_from_db()
    assert row.sent_at is not None


def test_the_invitation_to_rate_is_a_mail_of_its_own(
    asked: ServiceRequest, omar: User, dana: User
) -> None:
    actions.resolve(asked, message="Done.", by=omar, at=MONDAY_10)
    deliver(MONDAY_10 + BURST, send=lambda _message: None)
    invitations.advance(MONDAY_10 + minutes(30))
    actions.reply(asked, message="One more thing.", by=omar, at=MONDAY_10 + minutes(30))
    sent: Sent = []
    deliver(MONDAY_NOON, send=sent.append)
    subjects = {one.subject for one in sent if one.to == [dana.email]}
    assert subjects == {
        "How did IT do? New laptop",
        "Omar Quinn wrote about “New laptop”",
    }


def test_a_mail_is_sent_once(asked: ServiceRequest) -> None:
    sent: Sent = []
    for _again in range(3):
        deliver(MONDAY_10, send=sent.append)
    assert len(sent) == 1
    row = OutboxMail.objects.get()
    assert (row.sent_at, row.attempts, row.lease_until) == (MONDAY_10, 1, None)


def test_who_dies_after_sending_sends_again_under_the_same_name(asked: ServiceRequest) -> None:
    sent: Sent = []

    def send_and_die(message: EmailMultiAlternatives) -> None:
        sent.append(message)
        raise KeyboardInterrupt  # nothing after this line is run, as after kill -9

    with pytest.raises(KeyboardInterrupt):
        deliver(MONDAY_10, send=send_and_die)
    assert OutboxMail.objects.get().sent_at is None
    deliver(MONDAY_10 + LEASE - timedelta(microseconds=1), send=sent.append)
    assert len(sent) == 1
    deliver(MONDAY_10 + LEASE, send=sent.append)
    first, second = sent
    assert first.message()["Message-ID"] == second.message()["Message-ID"]
    assert str(OutboxMail.objects.get().uuid) in first.message()["Message-ID"]


def test_who_dies_again_and_again_does_not_send_for_ever(asked: ServiceRequest) -> None:
    tries = 0

    def die(_message: EmailMultiAlternatives) -> None:
        nonlocal tries
        tries += 1
        raise KeyboardInterrupt

    for number in range(TRIES):
        with pytest.raises(KeyboardInterrupt):
            deliver(MONDAY_10 + number * LEASE, send=die)
    assert deliver(MONDAY_10 + TRIES * LEASE, send=die).gave_up == 1
    assert tries == TRIES
    row = OutboxMail.objects.get()
    assert row.gave_up_at is not None
    assert row.error


def test_a_failure_is_kept_and_tried_again_after_a_pause(asked: ServiceRequest) -> None:
    assert deliver(MONDAY_10, send=refuse).failed == 1
    row = OutboxMail.objects.get()
    assert "SMTPRecipientsRefused" in row.error
    assert row.not_before == MONDAY_10 + PAUSES[0]
    assert deliver(MONDAY_10 + PAUSES[0] - timedelta(seconds=1), send=refuse).failed == 0
    sent: Sent = []
    deliver(MONDAY_10 + PAUSES[0], send=sent.append)
    row.refresh_from_db()
    assert (len(sent), row.attempts, row.error) == (1, 2, "")


def test_after_so_many_failures_we_give_up_and_the_row_says_why(asked: ServiceRequest) -> None:
    now = MONDAY_10
    for pause in PAUSES:
        assert deliver(now, send=refuse).failed == 1
        now += pause
    assert deliver(now, send=refuse).gave_up == 1
    row = OutboxMail.objects.get()
    assert (row.gave_up_at, row.attempts) == (now, TRIES)
    assert "SMTPRecipientsRefused" in row.error
    assert deliver(now + timedelta(days=30), send=refuse) == outbox.Delivery()


def test_one_bad_mail_does_not_stop_the_others(laptop: Service, dana: User, kai: User) -> None:
    make_service_request(laptop, by=dana, at=MONDAY_9)
    make_service_request(laptop, by=kai, at=MONDAY_9)
    sent: Sent = []

    def picky(message: EmailMultiAlternatives) -> None:
        if message.to == [dana.email]:
            refuse(message)
        sent.append(message)

    done = deliver(MONDAY_10, send=picky)
    assert (done.sent, done.failed) == (1, 1)
    assert [message.to for message in sent] == [[kai.email]]


def test_who_left_meanwhile_gets_no_mail(asked: ServiceRequest, dana: User) -> None:
    User.objects.filter(pk=dana.pk).update(is_active=False)
    sent: Sent = []
    assert deliver(MONDAY_10, send=sent.append).gave_up == 1
    assert sent == []


def test_how_long_the_oldest_mail_has_waited(asked: ServiceRequest) -> None:
    assert oldest_undelivered(MONDAY_9) is None
    assert oldest_undelivered(MONDAY_9 + BURST + minutes(3)) == minutes(3)
    deliver(MONDAY_10, send=lambda _message: None)
    assert oldest_undelivered(TUESDAY_9) is None


def test_a_mail_in_the_hands_of_someone_dead_is_still_undelivered(asked: ServiceRequest) -> None:
    def die(_message: EmailMultiAlternatives) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver(MONDAY_10, send=die)
    assert oldest_undelivered(TUESDAY_9) is not None


def test_a_burst_cannot_have_two_open_mails(asked: ServiceRequest) -> None:
    twin = OutboxMail(
        recipient=asked.requester,
        service_request=asked,
        created_at=MONDAY_9,
        not_before=MONDAY_9,
    )
    with pytest.raises(IntegrityError, match="mail_one_for_a_burst"), transaction.atomic():
        twin.save(force_insert=True)


class Unreachable(BaseEmailBackend):
    """A mail server that is down."""

    def open(self) -> bool:
        raise ConnectionRefusedError("nobody there")

    def send_messages(self, email_messages: object) -> int:
        raise AssertionError("must not be tried")


class Deaf(BaseEmailBackend):
    """A mail server that takes mails and sends none."""

    def send_messages(self, email_messages: object) -> int:
        return 0


def test_while_the_mail_server_is_down_no_mail_loses_a_try(
    asked: ServiceRequest, settings: pytest.FixtureRequest
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Unreachable"  # type: ignore[attr-defined]
    assert deliver(MONDAY_10) == outbox.Delivery(away=True)
    assert OutboxMail.objects.get().attempts == 0


def test_a_mail_sent_to_nobody_is_a_failure(
    asked: ServiceRequest, settings: pytest.FixtureRequest
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Deaf"  # type: ignore[attr-defined]
    assert deliver(MONDAY_10).failed == 1
    assert "NotSent" in OutboxMail.objects.get().error


def test_the_task_sends_what_is_due_now(asked: ServiceRequest) -> None:
    OutboxMail.objects.update(not_before=datetime.fromisoformat("2020-01-01T00:00:00+00:00"))
    deliver_task()
    assert [message.to for message in mail.outbox] == [["dana@desk.example"]]


def test_the_demo_keeps_mails_instead_of_sending_them(
    asked: ServiceRequest, settings: pytest.FixtureRequest
) -> None:
    settings.EMAIL_BACKEND = "servicedesk.mailbox.DemoBackend"  # type: ignore[attr-defined]
    deliver(MONDAY_10)
    kept = KeptMail.objects.get()
    assert (kept.to, kept.subject) == ("dana@desk.example", "We have your request: New laptop")
    assert "IT has received your request" in kept.text
    assert "<h1>" in kept.html
    assert kept.message_id == OutboxMail.objects.get().message_id
    OutboxMail.objects.update(sent_at=None)
    deliver(TUESDAY_9)
    assert KeptMail.objects.count() == 1


def test_the_demo_keeps_a_plain_mail_to_several_people(settings: pytest.FixtureRequest) -> None:
    settings.EMAIL_BACKEND = "servicedesk.mailbox.DemoBackend"  # type: ignore[attr-defined]
    mail.send_mail("Hello", "Plain.", None, ["Dana <dana@desk.example>", "omar@desk.example"])
    assert set(KeptMail.objects.values_list("to", "text", "html")) == {
        ("dana@desk.example", "Plain.", ""),
        ("omar@desk.example", "Plain.", ""),
    }


def parts(message: EmailMultiAlternatives) -> dict[str, str]:
    """The parts of a mail by their type, as a mail reader decodes them."""
    whole: EmailPart = message.message()
    return {
        part.get_content_type(): part.get_payload(decode=True).decode()  # type: ignore[union-attr]
        for part in whole.walk()
        if not part.is_multipart()
    }


def test_a_mail_has_two_parts_and_says_that_a_machine_wrote_it(asked: ServiceRequest) -> None:
    deliver(MONDAY_10)
    [message] = mail.outbox
    assert isinstance(message, EmailMultiAlternatives)
    assert set(parts(message)) == {"text/plain", "text/html"}
    headers = message.message()
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["References"] == f"<{asked.reference}@testserver>"


def at_once(*works: Callable[[], object]) -> list[BaseException]:
    """Do each in a thread of its own, beginning at the same moment; what went wrong."""
    gate = threading.Barrier(len(works))
    failures: list[BaseException] = []

    def one(work: Callable[[], object]) -> None:
        try:
            gate.wait(20)
            work()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return failures


@pytest.mark.django_db(transaction=True)
def test_many_deliverers_at_once_send_each_mail_once(
    laptop: Service, dana: User, omar: User, lena: User
) -> None:
    for _number in range(5):
        make_service_request(laptop, by=dana, at=MONDAY_9)
    sent: list[str] = []
    guard = threading.Lock()

    def send(message: EmailMultiAlternatives) -> None:
        with guard:
            sent.append(message.extra_headers["Message-ID"])

    assert at_once(*[lambda: deliver(MONDAY_10, send=send)] * 4) == []
    assert len(sent) == 15
    assert len(set(sent)) == 15
    assert not OutboxMail.objects.undelivered().exists()


@pytest.mark.django_db(transaction=True)
def test_a_mail_to_which_a_deed_is_just_adding_is_not_taken_up(
    laptop: Service, dana: User, omar: User
) -> None:
    request = make_service_request(laptop, by=dana, at=MONDAY_9)
    sent: Sent = []
    with transaction.atomic():
        actions.reply(request, message="On my way.", by=omar, at=MONDAY_9)
        assert at_once(lambda: deliver(MONDAY_10, send=sent.append)) == []
        assert [message for message in sent if message.to == [dana.email]] == []
    deliver(MONDAY_10, send=sent.append)
    [message] = [one for one in sent if one.to == [dana.email]]
    assert "has received" in str(message.body)
    assert "On my way." in str(message.body)


@pytest.mark.django_db(transaction=True)
def test_deeds_and_deliverers_at_once_tell_everything_once(
    laptop: Service, dana: User, omar: User
) -> None:
    request = make_service_request(laptop, by=dana, at=MONDAY_9)
    told: list[int] = []
    guard = threading.Lock()

    def send(message: EmailMultiAlternatives) -> None:
        with guard:
            told.append(str(message.body).count("Word "))

    def talk() -> None:
        for number in range(5):
            actions.reply(request, message=f"Word {number}", by=omar, at=MONDAY_9)

    def carry() -> None:
        for _round in range(15):
            deliver(MONDAY_NOON, send=send)

    failures = at_once(talk, carry, carry)
    deliver(MONDAY_NOON, send=send)
    assert failures == []
    assert MailLine.objects.filter(kind="replied").count() == 5
    assert sum(told) == 5
