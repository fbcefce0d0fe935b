"""Who hears of what: every row of the table, played by the deeds themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from catalogue.models import Service
from feedback import actions as feedback_actions
from feedback import invitations
from notices import inbox, mail
from notices.models import MailLine, Notice, OutboxMail
from notices.rules import RULES, TOLD_TO_NOBODY, Channel, Rule
from notices.words import WORDS
from people.models import Absence, Department, Team, User
from requests_app import actions, timeline
from requests_app.advance import advance
from requests_app.kinds import KINDS, ClockFinding, Escalated, Via
from requests_app.models import ServiceRequest
from slas.sweep import sweep
from tests.beforehand import beforehand
from tests.factories import (
    make_agent,
    make_manager,
    make_person,
    make_service,
    make_service_request,
    make_team,
)
from tests.times import MONDAY_9, MONDAY_10, MONDAY_NOON, NEXT_MONDAY_9, TUESDAY_9

pytestmark = pytest.mark.django_db

IN_A_WEEK = TUESDAY_9.date() + timedelta(days=7)

Heard = set[tuple[str, str, str]]
"""(first name, words, channels)"""


@dataclass(frozen=True)
class Scene:
    """Dana asked IT; Omar and Lena are its team, Lena leads; Pia reads along."""

    request: ServiceRequest
    dana: User
    omar: User
    lena: User
    pia: User
    boss: User
    elsewhere: Service
    mila: User

    def taken(self) -> Scene:
        """Omar works on it."""
        return replace(self, request=actions.take(self.request, by=self.omar, at=MONDAY_10))


@pytest.fixture
@beforehand
def scene(laptop: Service, hr: Department, dana: User, omar: User, lena: User) -> Scene:
    team = make_team(hr)
    mila = make_agent(team, "Mila Ferri")
    request = make_service_request(laptop, by=dana, at=MONDAY_9)
    pia = make_person("Pia Roche", department=dana.department)
    actions.share(request, user=pia, by=dana, at=MONDAY_9)
    return Scene(
        request, dana, omar, lena, pia, make_person("Boss Byrne"), make_service(hr, team=team), mila
    )


def heard(service_request: ServiceRequest, kind: str) -> Heard:
    """Who was told of the request's events of that kind, in which words, and how."""
    found: dict[tuple[str, str], set[str]] = {}
    for rows, field, channel in (
        (Notice.objects.filter(service_request=service_request), "user__name", "bell"),
        (
            MailLine.objects.filter(event__service_request=service_request),
            "recipient__name",
            "mail",
        ),
    ):
        for name, words in rows.filter(event__kind=kind).values_list(field, "kind"):
            found.setdefault((name.split()[0], words), set()).add(channel)
    return {(name, words, "+".join(sorted(how))) for (name, words), how in found.items()}


def finding(kind: str, metric: str = "resolution") -> Callable[[Scene], object]:
    """Time found something out about a clock of the request."""

    def play(scene: Scene) -> None:
        with transaction.atomic():
            timeline.record(
                ServiceRequest.objects.lock(scene.request.pk),
                kind,
                ClockFinding(clock_id=1, metric=metric, threshold=75),
                by=None,
                at=MONDAY_NOON,
                via=Via.DESK,
            )

    return play


def step(act: str, percent: int) -> Callable[[Scene], object]:
    """A step of escalation is taken; Mona manages the department."""

    def play(scene: Scene) -> None:
        make_manager(scene.request.provider_department, name="Mona Reyes")
        with transaction.atomic():
            timeline.record(
                ServiceRequest.objects.lock(scene.request.pk),
                "escalated",
                Escalated(clock_id=1, metric="resolution", threshold=percent, acts=[act]),
                by=None,
                at=MONDAY_NOON,
                via=Via.DESK,
            )

    return play


def taken_back(scene: Scene) -> None:
    actions.take_back(scene.request, untouched_by=scene.omar.pk, at=MONDAY_NOON)


def given_and_taken_back(scene: Scene) -> None:
    assigned(scene)
    taken_back(scene)


def raised(scene: Scene) -> None:
    actions.raise_priority(scene.request, to="P1", at=MONDAY_NOON)


def approval(scene: Scene) -> None:
    actions.ask_approval(scene.request, approver=scene.boss, by=scene.omar, at=MONDAY_NOON)


def decided(*, approved: bool) -> Callable[[Scene], object]:
    def play(scene: Scene) -> None:
        approval(scene)
        actions.decide(
            scene.request, approved=approved, message="So be it.", by=scene.boss, at=MONDAY_NOON
        )

    return play


def question(scene: Scene) -> None:
    actions.ask(
        scene.request, message="Which one?", look_again_on=IN_A_WEEK, by=scene.omar, at=MONDAY_NOON
    )


def answered(scene: Scene) -> None:
    question(scene)
    actions.answer(scene.request, message="The big one.", by=scene.dana, at=MONDAY_NOON)


def held(scene: Scene) -> None:
    actions.hold(
        scene.request,
        message="Ordered.",
        third_party="Dell",
        look_again_on=IN_A_WEEK,
        by=scene.omar,
        at=MONDAY_NOON,
    )


def gone_on(scene: Scene) -> None:
    held(scene)
    actions.resume(scene.request, by=None, at=TUESDAY_9, via=Via.DESK)


def gone_on_by_hand(scene: Scene) -> None:
    held(scene)
    actions.resume(scene.request, by=scene.lena, at=TUESDAY_9)


def waited_for(days: int) -> Callable[[Scene], object]:
    """Nobody answers for so many days."""

    def play(scene: Scene) -> None:
        question(scene)
        advance(MONDAY_NOON + timedelta(days=days))

    return play


def looked_at_again(scene: Scene) -> None:
    day = TUESDAY_9.date()
    actions.ask(scene.request, message="Which?", look_again_on=day, by=scene.omar, at=MONDAY_NOON)
    advance(TUESDAY_9)


def named(name: str) -> Callable[[Scene], object]:
    """Lena writes something and names Mila, who sees nothing of it yet, or Omar."""

    def play(scene: Scene) -> None:
        mentions = [scene.omar if name == "note" else scene.mila]
        given: dict[str, Any] = {"message": "Look.", "mentions": mentions}
        if name == "ask":
            given["look_again_on"] = IN_A_WEEK
        doer = scene.dana if name == "answer" else scene.lena
        if name == "answer":
            question(scene)
        actions.perform(scene.request, name, by=doer, at=MONDAY_NOON, via=Via.PAGE, **given)

    return play


def solved(scene: Scene) -> None:
    actions.resolve(scene.request, message="Done.", by=scene.omar, at=MONDAY_NOON)


def confirmed(scene: Scene) -> None:
    solved(scene)
    actions.confirm(scene.request, by=scene.dana, at=MONDAY_NOON)


def reopened(scene: Scene) -> None:
    solved(scene)
    actions.reopen(scene.request, message="It is not.", by=scene.dana, at=MONDAY_NOON)


def invited(scene: Scene) -> None:
    solved(scene)
    invitations.advance(TUESDAY_9)


def rated(score: int, *, unnamed: bool = False) -> Callable[[Scene], object]:
    def play(scene: Scene) -> None:
        invited(scene)
        invitation = scene.request.invitations.get()
        feedback_actions.rate(invitation.pk, score=score, unnamed=unnamed, at=TUESDAY_9)

    return play


def by(who: str, name: str, **given: Any) -> Callable[[Scene], object]:
    """That person does that deed."""

    def play(scene: Scene) -> None:
        actions.perform(
            scene.request, name, by=getattr(scene, who), at=MONDAY_NOON, via=Via.PAGE, **given
        )

    return play


def handed_on(scene: Scene) -> None:
    actions.transfer(
        scene.request, service=scene.elsewhere, reason="Theirs.", by=scene.omar, at=MONDAY_NOON
    )


def assigned(scene: Scene) -> None:
    actions.assign(scene.request, assignee=scene.omar, by=scene.lena, at=MONDAY_NOON)


def nothing(scene: Scene) -> None:
    """What the scene itself did is enough."""


BOTH = "bell+mail"
NEW, TAKEN = False, True
TABLE: list[tuple[str, bool, Callable[[Scene], object], Heard]] = [
    (
        "submitted",
        NEW,
        nothing,
        {("Dana", "received", "mail"), ("Omar", "new_work", BOTH), ("Lena", "new_work", BOTH)},
    ),
    ("participant_added", NEW, nothing, {("Pia", "shared", BOTH)}),
    ("taken", TAKEN, nothing, {("Dana", "taken", "bell")}),
    ("released", TAKEN, by("omar", "release"), {("Lena", "released", "bell")}),
    ("assigned", NEW, assigned, {("Omar", "assigned", BOTH)}),
    (
        "replied",
        TAKEN,
        by("omar", "reply", message="Soon."),
        {("Dana", "replied", BOTH), ("Pia", "replied", BOTH)},
    ),
    (
        "replied",
        TAKEN,
        by("lena", "reply", message="Soon."),
        {("Dana", "replied", BOTH), ("Pia", "replied", BOTH), ("Omar", "replied", "bell")},
    ),
    (
        "replied",
        TAKEN,
        by("dana", "reply", message="And?"),
        {("Omar", "replied", BOTH), ("Pia", "replied", BOTH)},
    ),
    (
        "replied",
        NEW,
        by("pia", "reply", message="And?"),
        {("Omar", "replied", BOTH), ("Lena", "replied", BOTH), ("Dana", "replied", BOTH)},
    ),
    ("noted", TAKEN, by("lena", "note", message="Careful."), {("Omar", "noted", "bell")}),
    ("asked", TAKEN, question, {("Dana", "asked", BOTH), ("Pia", "asked", BOTH)}),
    ("held", TAKEN, held, {("Dana", "held", BOTH), ("Pia", "held", BOTH)}),
    ("resumed", TAKEN, gone_on, {("Omar", "goes_on", BOTH)}),
    ("resumed", TAKEN, gone_on_by_hand, {("Omar", "look_again", "bell")}),
    ("nudged", TAKEN, waited_for(3), {("Dana", "nudged", BOTH), ("Pia", "nudged", BOTH)}),
    ("look_again", TAKEN, looked_at_again, {("Omar", "day_came", BOTH)}),
    (
        "resolved",
        TAKEN,
        waited_for(8),
        {
            ("Dana", "unanswered", BOTH),
            ("Pia", "unanswered", BOTH),
            ("Omar", "given_up", "bell"),
        },
    ),
    (
        "replied",
        TAKEN,
        named("reply"),
        {
            ("Mila", "mentioned", BOTH),
            ("Dana", "replied", BOTH),
            ("Pia", "replied", BOTH),
            ("Omar", "replied", "bell"),
        },
    ),
    ("participant_added", TAKEN, named("reply"), {("Pia", "shared", BOTH)}),
    ("noted", TAKEN, named("note"), {("Omar", "mentioned_in_note", BOTH)}),
    (
        "asked",
        TAKEN,
        named("ask"),
        {("Mila", "mentioned", BOTH), ("Dana", "asked", BOTH), ("Pia", "asked", BOTH)},
    ),
    (
        "answered",
        TAKEN,
        named("answer"),
        {("Mila", "mentioned", BOTH), ("Omar", "answered", BOTH), ("Pia", "replied", BOTH)},
    ),
    ("answered", TAKEN, answered, {("Omar", "answered", BOTH), ("Pia", "replied", BOTH)}),
    ("approval_asked", TAKEN, approval, {("Boss", "approval_asked", BOTH)}),
    (
        "approval_decided",
        TAKEN,
        decided(approved=True),
        {("Dana", "approved", BOTH), ("Pia", "approved", BOTH), ("Omar", "approved", BOTH)},
    ),
    (
        "approval_decided",
        TAKEN,
        decided(approved=False),
        {("Dana", "refused", BOTH), ("Pia", "refused", BOTH), ("Omar", "refused", BOTH)},
    ),
    ("resolved", TAKEN, solved, {("Dana", "resolved", BOTH), ("Pia", "resolved", BOTH)}),
    ("reopened", TAKEN, reopened, {("Omar", "reopened", BOTH)}),
    ("closed", TAKEN, confirmed, set()),
    ("cancelled", TAKEN, by("dana", "cancel"), {("Omar", "cancelled", BOTH)}),
    (
        "cancelled",
        NEW,
        by("dana", "cancel"),
        {("Omar", "cancelled", BOTH), ("Lena", "cancelled", BOTH)},
    ),
    (
        "declined",
        TAKEN,
        by("omar", "decline", message="Sorry."),
        {("Dana", "declined", BOTH), ("Pia", "declined", BOTH)},
    ),
    (
        "transferred",
        TAKEN,
        handed_on,
        {("Mila", "handed_to_you", BOTH), ("Dana", "handed_on", "bell")},
    ),
    (
        "prioritised",
        TAKEN,
        by("omar", "prioritise", impact="team", urgency="now", reason="Several."),
        set(),
    ),
    ("warned", TAKEN, finding("warned"), {("Omar", "warned", BOTH)}),
    ("warned", NEW, finding("warned"), {("Omar", "warned", BOTH), ("Lena", "warned", BOTH)}),
    (
        "breached",
        TAKEN,
        finding("breached"),
        {("Omar", "breached", BOTH), ("Dana", "late", "bell")},
    ),
    (
        "breached",
        TAKEN,
        finding("breached", "holding"),
        {("Omar", "breached", BOTH)},
    ),
    ("escalated", TAKEN, step("tell_assignee", 50), {("Omar", "warned", BOTH)}),
    ("escalated", TAKEN, step("tell_lead", 100), {("Lena", "breached", BOTH)}),
    ("escalated", TAKEN, step("tell_manager", 125), {("Mona", "escalated", BOTH)}),
    ("escalated", TAKEN, step("raise_priority", 125), set()),
    ("prioritised", TAKEN, raised, {("Omar", "raised", "bell")}),
    (
        "released",
        TAKEN,
        taken_back,
        {("Omar", "taken_back", BOTH), ("Lena", "released", "bell")},
    ),
    (
        "assigned",
        NEW,
        given_and_taken_back,
        {("Omar", "assigned", BOTH), ("Omar", "taken_back", BOTH), ("Lena", "released", "bell")},
    ),
    ("invited", TAKEN, invited, {("Dana", "invited", BOTH)}),
    ("rated", TAKEN, rated(2), {("Lena", "recovery", BOTH)}),
    ("rated", TAKEN, rated(2, unnamed=True), set()),
    ("rated", TAKEN, rated(3), set()),
]


@pytest.mark.parametrize(
    ("kind", "is_taken", "play", "expected"),
    TABLE,
    ids=[f"{number}-{row[0]}" for number, row in enumerate(TABLE)],
)
def test_everyone_hears_what_concerns_them_and_nobody_else(
    scene: Scene,
    kind: str,
    is_taken: bool,
    play: Callable[[Scene], object],
    expected: Heard,
) -> None:
    if is_taken:
        scene = scene.taken()
    play(scene)
    assert heard(scene.request, kind) == expected


def test_the_table_knows_every_kind_of_event() -> None:
    ringing = {rule.event for rule in RULES}
    assert ringing | TOLD_TO_NOBODY == set(KINDS)
    assert not ringing & TOLD_TO_NOBODY


def test_every_row_of_the_table_is_played_above_and_has_its_words() -> None:
    played = {
        (kind, words, channels)
        for kind, _taken, _play, expected in TABLE
        for _name, words, channels in expected
    }
    assert {(rule.event, rule.words, "+".join(sorted(rule.channels))) for rule in RULES} <= played
    assert {rule.words for rule in RULES} == set(WORDS)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.event}-{rule.who}-{rule.words}")
def test_what_is_mailed_says_what_happened_and_what_it_means(rule: Rule) -> None:
    words = WORDS[rule.words]
    if Channel.MAIL in rule.channels:
        assert words.happened
        assert words.meaning or rule.words == "replied"


def test_who_has_left_hears_nothing_and_the_team_takes_over(scene: Scene) -> None:
    scene = scene.taken()
    User.objects.filter(pk=scene.omar.pk).update(is_active=False)
    actions.reply(scene.request, message="Hello?", by=scene.dana, at=MONDAY_NOON)
    assert heard(scene.request, "replied") == {("Pia", "replied", BOTH), ("Lena", "replied", BOTH)}


def test_whoever_stands_in_hears_of_a_step_for_who_is_away(scene: Scene) -> None:
    scene = scene.taken()
    deputy = make_person("Nina Lopes")
    Absence.objects.create(
        user=scene.lena, first_day=MONDAY_9.date(), last_day=TUESDAY_9.date(), deputy=deputy
    )
    step("tell_lead", 100)(scene)
    assert heard(scene.request, "escalated") == {("Nina", "breached", BOTH)}


def test_of_a_breach_nobody_hears_twice(scene: Scene) -> None:
    request = actions.take(scene.request, by=scene.lena, at=MONDAY_10)
    sweep(NEXT_MONDAY_9)
    late = MailLine.objects.filter(recipient=scene.lena, kind="breached")
    assert late.count() == request.clocks.filter(breached_at__isnull=False).count() == 2


def test_a_manager_hears_no_more_than_the_reference_of_what_is_restricted(scene: Scene) -> None:
    ServiceRequest.objects.filter(pk=scene.request.pk).update(restricted=True)
    step("tell_manager", 150)(scene)
    mona = User.objects.get(name="Mona Reyes")
    row = OutboxMail.objects.get(recipient=mona)
    rendered = mail.render(row, MONDAY_NOON)
    assert rendered is not None
    assert scene.request.reference in rendered.subject
    for part in (rendered.subject, rendered.text, rendered.html):
        assert scene.request.subject not in part
        assert scene.dana.name not in part


def test_of_a_request_filed_for_a_colleague_both_hear(
    laptop: Service, dana: User, omar: User
) -> None:
    pia = make_person("Pia Roche", department=dana.department)
    request = make_service_request(laptop, by=pia, requester=dana)
    assert ("Dana", "received", "mail") in heard(request, "submitted")
    actions.reply(request, message="Soon.", by=omar, at=MONDAY_10)
    assert heard(request, "replied") == {("Dana", "replied", BOTH), ("Pia", "replied", BOTH)}


def test_who_asks_their_own_team_gets_the_receipt_and_not_the_call(
    laptop: Service, omar: User, lena: User
) -> None:
    request = make_service_request(laptop, by=omar)
    assert heard(request, "submitted") == {("Omar", "received", "mail"), ("Lena", "new_work", BOTH)}


@pytest.mark.parametrize("via", [Via.IMPORT, Via.SEED])
def test_what_happened_long_ago_rings_nowhere(
    laptop: Service, dana: User, omar: User, via: Via
) -> None:
    request = make_service_request(laptop, by=dana, via=via)
    actions.take(request, by=omar, at=MONDAY_10, via=via)
    actions.reply(request, message="Soon.", by=omar, at=MONDAY_10, via=via)
    actions.resolve(request, message="Done.", by=omar, at=MONDAY_NOON, via=via)
    assert not Notice.objects.exists()
    assert not OutboxMail.objects.exists()


def test_following_the_same_events_again_tells_nobody_anything(scene: Scene) -> None:
    scene = scene.taken()
    solved(scene)
    notices, lines = Notice.objects.count(), MailLine.objects.count()
    mails = OutboxMail.objects.count()
    OutboxMail.objects.update(attempts=1)
    with transaction.atomic():
        inbox.follow(list(scene.request.events.all()))
    assert (Notice.objects.count(), MailLine.objects.count()) == (notices, lines)
    assert OutboxMail.objects.count() == mails


def test_many_events_take_no_more_queries_than_one(
    laptop: Service, it_team: Team, omar: User, django_assert_num_queries: object
) -> None:
    requests = [
        make_service_request(laptop, by=make_person(), via=Via.SEED, at=MONDAY_9) for _ in range(6)
    ]
    for some in (requests[:1], requests[1:]):
        events = []
        for request in some:
            event = request.events.select_related("service_request").get(kind="submitted")
            event.via = Via.PAGE
            events.append(event)
        with django_assert_num_queries(8):  # type: ignore[operator]
            inbox.follow(events)
