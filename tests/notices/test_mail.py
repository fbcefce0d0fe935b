"""What a mail says: to whom, in which zone, and what it keeps to itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.urls import reverse

from catalogue.models import Service
from feedback import invitations
from feedback.models import SCORES, Invitation
from notices import mail, telling
from notices.mail import Rendered
from notices.models import OutboxMail, Purpose
from notices.plain import LONGEST, plain
from people.models import Membership, Team, User
from requests_app import actions, files
from requests_app.advance import advance
from requests_app.models import Message, ServiceRequest
from slas.sweep import sweep
from tests.beforehand import beforehand
from tests.factories import make_organisation, make_person, make_service, make_service_request
from tests.times import MONDAY_9, MONDAY_10, MONDAY_NOON, at, minutes

pytestmark = pytest.mark.django_db

SECRET = "My salary is wrong"


def written(user: User, now: datetime = MONDAY_NOON, purpose: str = Purpose.NEWS) -> Rendered:
    """The person's last waiting mail."""
    row = OutboxMail.objects.filter(recipient=user, purpose=purpose).latest("pk")
    rendered = mail.render(row, now)
    assert rendered is not None
    return rendered


@pytest.fixture
@beforehand
def asked(laptop: Service, dana: User, omar: User) -> ServiceRequest:
    """Dana asked on Monday at 9; Omar is on the team."""
    return make_service_request(laptop, by=dana, at=MONDAY_9)


@pytest.fixture
@beforehand
def restricted(it_team: Team, dana: User, omar: User) -> ServiceRequest:
    """A request whose words are nobody else's business."""
    service = make_service(it_team.department, team=it_team, restricted=True, name="Payroll")
    return make_service_request(service, by=dana, at=MONDAY_9, subject=SECRET)


def test_both_parts_say_what_happened_what_it_means_and_where_to_go(
    asked: ServiceRequest, omar: User, dana: User
) -> None:
    make_organisation(name="Harbour & Pine")
    actions.ask(
        asked,
        message="Is your desk made of **glass**?",
        look_again_on=at(20, 9).date(),
        by=omar,
        at=MONDAY_10,
    )
    said = written(dana)
    assert said.subject == "IT has a question about “New laptop”"
    url = f"http://testserver{asked.get_absolute_url()}"
    for part in (said.text, said.html):
        assert said.subject in part
        assert "Omar Quinn asked today at 10:00:" in part
        assert "Is your desk made of glass?" in part
        assert "until then the promise stands still" in part
        assert "Answer here" in part
        assert url in part
        assert f"You get this because {asked.reference} is your request." in part
        assert f"http://testserver{reverse('portal:profile')}" in part
    assert "Harbour &amp; Pine desk" in said.html


def test_the_receipt_says_by_when(asked: ServiceRequest, dana: User) -> None:
    assert "You hear from us by today at 14:00. It is done by Thursday at 10:30." in (
        written(dana).text
    )
    assert "It is done by Thursday at 10:30." in written(dana).html


def test_a_colleague_reads_the_promise_as_theirs_to_keep(
    asked: ServiceRequest, omar: User, lena: User
) -> None:
    actions.assign(asked, assignee=omar, by=lena, at=MONDAY_9)
    assert "Solution promised by Thursday at 10:30." in written(omar).text


def test_a_warning_says_how_much_of_the_time_is_used(asked: ServiceRequest, omar: User) -> None:
    sweep(at(16, 13, 30) + minutes(1))
    said = written(omar, at(16, 13, 32), Purpose.LATE)
    assert said.subject == "Soon due: New laptop"
    assert f"75 % of the time for the first response on {asked.reference} is used up." in said.text


def test_a_breach_says_what_was_promised_and_when(asked: ServiceRequest, omar: User) -> None:
    sweep(at(16, 14) + minutes(1))
    said = written(omar, at(16, 14, 2), Purpose.LATE)
    assert said.subject == "Late: New laptop"
    assert (
        f"{asked.reference}: the first response was promised by today at 14:00, and that is over."
        in said.text
    )


def test_times_are_those_of_the_reader(asked: ServiceRequest, omar: User, dana: User) -> None:
    User.objects.filter(pk=dana.pk).update(zone="Asia/Kathmandu")
    actions.reply(asked, message="Soon.", by=omar, at=MONDAY_10)
    assert "Omar Quinn wrote today at 15:45:" in written(dana).text


def test_the_words_are_those_at_delivery(asked: ServiceRequest, omar: User, dana: User) -> None:
    actions.reply(asked, message="My door code is 4711.", by=omar, at=MONDAY_10)
    Message.objects.update(text="")
    said = written(dana)
    assert "4711" not in said.text + said.html
    assert "Omar Quinn wrote today at 10:00." in said.text


def test_a_file_without_words_is_told_of(asked: ServiceRequest, omar: User, dana: User) -> None:
    kept = files.stage(BytesIO(b"a,b"), "list.csv", by=omar, at=MONDAY_10)
    actions.reply(asked, message="", files=[kept.pk], by=omar, at=MONDAY_10)
    said = written(dana)
    assert "Omar Quinn wrote today at 10:00.\n\n1 file was added." in said.text


def test_what_people_write_is_text_and_never_markup(
    asked: ServiceRequest, omar: User, dana: User
) -> None:
    ServiceRequest.objects.filter(pk=asked.pk).update(subject="<b>New</b>\nBcc: all@desk.example")
    actions.reply(
        asked, message="<script>alert(1)</script> & [me](javascript:x)", by=omar, at=MONDAY_10
    )
    said = written(dana)
    assert "<script>" not in said.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;" in said.html
    assert "<script>alert(1)</script> &" in said.text
    assert said.subject == "Omar Quinn wrote about “<b>New</b> Bcc: all@desk.example”"


def test_a_per_cent_sign_in_a_subject_is_harmless(laptop: Service, dana: User) -> None:
    make_service_request(laptop, by=dana, at=MONDAY_9, subject="100 %s of %(actor)s")
    assert written(dana).subject == "We have your request: 100 %s of %(actor)s"


def test_an_internal_note_is_never_quoted(asked: ServiceRequest, omar: User, kai: User) -> None:
    other = make_service(kai.department, team=kai.memberships.get().team)
    actions.transfer(asked, service=other, reason="They never answer us.", by=omar, at=MONDAY_10)
    said = written(kai)
    assert said.subject == "Handed to you: New laptop"
    assert "never answer" not in said.text + said.html


def test_of_a_restricted_request_a_mail_has_only_reference_and_link(
    restricted: ServiceRequest, omar: User, dana: User
) -> None:
    actions.reply(restricted, message="Your iban please.", by=omar, at=MONDAY_10)
    for reader in (dana, omar):
        said = written(reader)
        whole = said.subject + said.text + said.html
        for word in (SECRET, "Payroll", "iban", "Dana", "Omar", "Finance"):
            assert word not in whole
        assert said.subject == f"News about {restricted.reference}"
        assert restricted.get_absolute_url() in said.text


def test_the_invitation_to_rate_a_restricted_request_does_not_name_it(
    restricted: ServiceRequest, omar: User, dana: User
) -> None:
    actions.resolve(restricted, message="Done.", by=omar, at=MONDAY_10)
    invitations.advance(MONDAY_NOON)
    said = written(dana, purpose=Purpose.RATE)
    assert SECRET not in said.subject + said.text + said.html
    assert "?score=5" in said.text


def test_who_may_no_longer_see_a_request_gets_only_its_reference(
    asked: ServiceRequest, omar: User
) -> None:
    Membership.objects.filter(user=omar).delete()
    said = written(omar)
    assert said.subject == f"News about {asked.reference}"
    assert "New laptop" not in said.text + said.html


def test_the_invitation_to_rate_has_a_link_for_each_score(
    asked: ServiceRequest, omar: User, dana: User
) -> None:
    actions.resolve(asked, message="Done.", by=omar, at=MONDAY_10)
    invitations.advance(MONDAY_10 + minutes(30))
    said = written(dana, purpose=Purpose.RATE)
    token = invitations.token(Invitation.objects.get())
    page = f"http://testserver{reverse('portal:rate', args=[token])}"
    for part in (said.text, said.html):
        assert "How satisfied are you with how IT handled this request?" in part
        for score, word in SCORES.items():
            assert f"{page}?score={score}" in part
            assert str(word) in part
    assert said.html.count('class="act"') == 1


def test_each_reader_is_told_why_they_get_it(
    asked: ServiceRequest, omar: User, lena: User, dana: User
) -> None:
    pia = make_person("Pia Roche", department=dana.department)
    boss = make_person("Boss Byrne")
    actions.share(asked, user=pia, by=dana, at=MONDAY_9)
    assert "because you belong to those in IT who look after it." in written(omar).text
    actions.assign(asked, assignee=omar, by=lena, at=MONDAY_10)
    assert f"because you work on {asked.reference}." in written(omar).text
    assert f"because {asked.reference} is shared with you." in written(pia).text
    actions.ask_approval(asked, approver=boss, by=omar, at=MONDAY_10)
    assert f"because you decide about {asked.reference}." in written(boss).text


def test_a_language_nobody_translated_is_answered_in_ours(
    asked: ServiceRequest, dana: User
) -> None:
    User.objects.filter(pk=dana.pk).update(language="tlh")
    assert '<html lang="en">' in written(dana).html


@pytest.mark.parametrize(
    ("moment", "with_on", "bare"),
    [
        (at(16, 23, 59), "today at 23:59", "today at 23:59"),
        (at(15, 0), "yesterday at 00:00", "yesterday at 00:00"),
        (at(17, 0), "tomorrow at 00:00", "tomorrow at 00:00"),
        (at(18, 16), "on Wednesday at 16:00", "Wednesday at 16:00"),
        (at(22, 16), "on Sunday at 16:00", "Sunday at 16:00"),
        (at(23, 16), "on Monday 23 November at 16:00", "Monday 23 November at 16:00"),
        (at(14, 16), "on Saturday 14 November at 16:00", "Saturday 14 November at 16:00"),
        (
            at(30, 9) + timedelta(days=40),
            "on Saturday 9 January 2027 at 09:00",
            "Saturday 9 January 2027 at 09:00",
        ),
    ],
)
def test_moments_are_said_as_people_say_them(moment: datetime, with_on: str, bare: str) -> None:
    assert telling.moment(moment, MONDAY_NOON, "Europe/Dublin") == with_on
    assert telling.moment(moment, MONDAY_NOON, "Europe/Dublin", bare=True) == bare


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("One\ntwo\n\nThree", "One\ntwo\n\nThree"),
        ("*Very* **good** ~~not~~ `code`", "Very good not code"),
        ("- one\n- two\n  - deep", "- one\n- two\n  - deep"),
        ("3. three\n4. four", "3. three\n4. four"),
        ("[the page](https://desk.example/a)", "the page (https://desk.example/a)"),
        ("<https://desk.example/a>", "https://desk.example/a"),
        ("# Head\n\n> quoted", "Head\n\nquoted"),
        ("```\nkeep  this\n```", "keep  this"),
        ("<b>raw</b>\x00", "<b>raw</b>"),
        ("", ""),
    ],
)
def test_markdown_is_quoted_as_plain_text(markdown: str, text: str) -> None:
    assert plain(markdown) == text


def test_a_long_message_is_cut_between_words() -> None:
    said = plain("word " * 2000)
    assert len(said) <= LONGEST + 2
    assert said.endswith("word …")


def test_a_mail_says_how_many_files_came_and_leaves_them_on_the_request(
    asked: ServiceRequest, omar: User, dana: User
) -> None:
    kept = [files.stage(BytesIO(b"text"), "secret.txt", by=omar, at=MONDAY_10) for _n in range(2)]
    ids = [one.pk for one in kept]
    actions.reply(asked, message="See here.", files=ids, by=omar, at=MONDAY_10)
    said = written(dana)
    for part in (said.text, said.html):
        assert "2 files are attached." in part
        assert "secret.txt" not in part


def test_a_mail_that_can_be_answered_says_where_and_one_that_cannot_says_so_too(
    asked: ServiceRequest, omar: User, dana: User
) -> None:
    actions.reply(asked, message="Soon.", by=omar, at=MONDAY_10)
    said = written(dana)
    for part in (said.text, said.html):
        assert "Please answer at the desk" in part
        assert "a reply to this mail reaches nobody" in part
        assert "Read and answer here" in part
    work = written(omar)
    for part in (work.text, work.html):
        assert "Please answer at the desk" not in part
        assert "A reply to this mail reaches nobody." in part


def test_a_reminder_quotes_the_question(asked: ServiceRequest, omar: User, dana: User) -> None:
    day = at(30, 9).date()
    actions.ask(asked, message="Is it **glass**?", look_again_on=day, by=omar, at=MONDAY_10)
    advance(at(19, 9))
    said = written(dana)
    assert said.subject == "IT still needs your answer: New laptop"
    for part in (said.text, said.html):
        assert "Is it glass?" in part
        assert "Answer here" in part
