"""How each deed is offered on screen: its words, its icon, its place, its thanks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.lifecycle import DEEDS, PROVIDER_SIDE, Deed, Role

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Offer:
    """A deed as it is shown."""

    name: str
    label: Words
    icon: str
    send: Words
    """The button that does it."""
    done: Words
    """Said afterwards; %(reference)s may stand in it."""
    title: Words = ""
    """The heading of the deed's own page."""
    prompt: Words = ""
    """Above the box for the message."""
    explains: Words = ""
    key: str = ""
    """The key that leads to it."""
    asks: bool = True
    """Whether there is something to fill in, or to think about, before it is done."""


OFFERS: dict[str, Offer] = {
    offer.name: offer
    for offer in (
        Offer("take", _("Take"), "hand", _("Take"), _("It is yours now."), key="c", asks=False),
        Offer(
            "reply",
            _("Reply"),
            "reply",
            _("Send"),
            _("Your reply is on its way."),
            _("Reply"),
            _("Your reply"),
            _("Everyone who sees this request reads it."),
            key="r",
        ),
        Offer(
            "answer",
            _("Answer"),
            "reply",
            _("Send the answer"),
            _("Thank you. The work goes on."),
            _("Answer the question"),
            _("Your answer"),
            _("The work goes on as soon as you have answered."),
            key="r",
        ),
        Offer(
            "note",
            _("Note"),
            "lock",
            _("Keep the note"),
            _("The note is kept."),
            _("Write an internal note"),
            _("Note"),
            _("The requester never reads it."),
            key="n",
        ),
        Offer(
            "ask",
            _("Question"),
            "message-circle-question-mark",
            _("Ask and wait"),
            _("Asked. The clock stands still until the answer is here."),
            _("Ask the requester something"),
            _("Your question"),
            _("The promise stands still until the answer is here."),
            key="q",
        ),
        Offer(
            "hold",
            _("Hold"),
            "pause",
            _("Put on hold"),
            _("On hold. The requester reads why."),
            _("Wait for someone outside"),
            _("What you tell the requester"),
            _("The requester reads whom you wait for, and until when."),
            key="h",
        ),
        Offer("resume", _("Go on"), "play", _("Go on"), _("On it goes."), asks=False, key="g"),
        Offer(
            "transfer",
            _("Transfer"),
            "arrow-right-left",
            _("Hand it over"),
            _("Handed over."),
            _("Hand it to another service"),
            _("Why, as a note to those who take over"),
            _("The requester sees where it went; the reason stays internal."),
            key="t",
        ),
        Offer(
            "resolve",
            _("Resolve"),
            "check",
            _("Send and resolve"),
            _("Resolved. It closes by itself if nobody says otherwise."),
            _("Say that it is done"),
            _("What was done"),
            _("The requester confirms, or says that it is not solved."),
            key="e",
        ),
        Offer(
            "assign",
            _("Assign"),
            "user",
            _("Assign"),
            _("Assigned."),
            _("Who shall work on it?"),
            key="a",
        ),
        Offer(
            "release",
            _("Release"),
            "undo-2",
            _("Release"),
            _("Back in the queue."),
            asks=False,
        ),
        Offer(
            "ask_approval",
            _("Ask for approval"),
            "file-check",
            _("Ask for approval"),
            _("Asked. The clock stands still until it is decided."),
            _("Ask someone’s approval"),
            _("What is to be approved, and why"),
            _("The promise stands still until it is decided."),
        ),
        Offer(
            "approve",
            _("Approve"),
            "check",
            _("Approve"),
            _("Approved. Thank you."),
            _("Approve it"),
            _("A word on it"),
        ),
        Offer(
            "refuse",
            _("Refuse"),
            "ban",
            _("Refuse"),
            _("Refused. They will read why."),
            _("Refuse it"),
            _("Why not"),
        ),
        Offer(
            "prioritise",
            _("Change priority"),
            "signal",
            _("Change priority"),
            _("The priority is changed."),
            _("Change priority"),
            _("Why"),
            _("The priority follows from both. The reason stays internal."),
        ),
        Offer(
            "decline",
            _("Decline"),
            "ban",
            _("Decline"),
            _("Declined. The requester reads why."),
            _("Decline the request"),
            _("Why it cannot be done"),
            _("This ends the request. The requester reads the reason."),
        ),
        Offer(
            "share",
            _("Share"),
            "user-plus",
            _("Share"),
            _("Shared."),
            _("Share it with a colleague"),
            "",
            _("They see the request with its conversation, and may write."),
        ),
        Offer(
            "unshare",
            _("Take someone off"),
            "user-minus",
            _("Yes, take them off"),
            _("They are no longer on it."),
            _("Take a colleague off?"),
            "",
            _("They no longer see the request. What they wrote stays."),
        ),
        Offer(
            "annotate",
            _("Our own fields"),
            "lock",
            _("Keep it"),
            _("Kept."),
            _("What only we see"),
            "",
            _("The requester never reads this."),
        ),
        Offer(
            "confirm",
            _("It works"),
            "check",
            _("It works"),
            _("Good. The request is closed."),
            asks=False,
        ),
        Offer(
            "reopen",
            _("Not yet solved"),
            "undo-2",
            _("Open it again"),
            _("Opened again. They will look at it."),
            _("Not yet solved?"),
            _("What is still missing"),
        ),
        Offer(
            "cancel",
            _("Cancel the request"),
            "x",
            _("Yes, cancel it"),
            _("Cancelled."),
            _("Cancel this request?"),
            _("Why"),
            _("Nobody will work on it any more. What was written stays readable."),
        ),
    )
}

COMPOSER = {
    "provider": ("reply", "note", "ask", "hold", "transfer", "resolve"),
    "requester": ("answer", "reply"),
}
"""What the composer offers to each face, in this order."""

_HEAD = ("take", "resume", "confirm", "reopen", "assign", "hold", "resolve")
"""Deeds that stand beside the title of the provider's page, in this order."""


def offer(name: str) -> Offer | None:
    """How the deed is offered; None for one that is nobody's to do by hand."""
    return OFFERS.get(name)


def tabs(face: str, deeds: Iterable[Deed], *, is_waiting_for_me: bool = False) -> list[Offer]:
    """The composer's tabs for this reader. A reply while one is asked is the answer."""
    names = {deed.name for deed in deeds}
    if "answer" in names or is_waiting_for_me:
        names.discard("reply")
    return [OFFERS[name] for name in COMPOSER[face] if name in names]


def beside_title(deeds: Iterable[Deed]) -> list[Offer]:
    """The provider's buttons beside the title."""
    names = {deed.name for deed in deeds}
    return [OFFERS[name] for name in _HEAD if name in names]


def others(face: str, deeds: Iterable[Deed]) -> list[Offer]:
    """What else can be done, in the menu: neither in the composer nor beside the title."""
    shown = {*COMPOSER[face], *_HEAD, "answer", "approve", "refuse", "unshare"}
    return [OFFERS[deed.name] for deed in deeds if deed.name not in shown and deed.name in OFFERS]


def by_hand(name: str) -> bool:
    """Whether people can do this on a page at all (the desk closes by itself)."""
    return name in DEEDS and bool(DEEDS[name].who - {Role.SYSTEM})


def is_provider(held: frozenset[Role]) -> bool:
    """Whether someone with these roles works on the request."""
    return bool(held & PROVIDER_SIDE)
