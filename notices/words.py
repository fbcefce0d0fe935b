"""The words of every notice, in the reader's language: for the bell and for mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Text = str | _StrPromise


OPEN = _("Open the request")


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of one event to one kind of reader.

    Each may name %(actor)s, %(first)s (the actor's first name), %(reference)s, %(subject)s,
    %(service)s, %(requester)s, %(client)s, %(provider)s, %(third_party)s; of a finding about a
    clock %(promise)s and %(percent)s; and, but for the title, %(when)s and %(by)s (a moment after
    "on", and after "by").
    """

    title: Text
    """What happened: the bell's line, the mail's subject and heading."""
    happened: Text = ""
    """The mail's first sentence, above the quoted message if there is one."""
    unquoted: Text = ""
    """The same where nothing was written (or may be shown)."""
    meaning: Text = ""
    """What it means for the reader."""
    button: Text = OPEN
    answers: bool = False
    """Whether the reader may want to answer: the mail says where."""
    promise: bool = False
    """Whether the mail says by when it is promised."""


WORDS: dict[str, Words] = {
    "received": Words(
        _("We have your request: %(subject)s"),
        _("%(provider)s has received your request %(reference)s."),
        meaning=_("You need not do anything now; we write as soon as there is news."),
        button=_("See where it stands"),
        promise=True,
    ),
    "new_work": Words(
        _("%(client)s asks: %(subject)s"),
        _("%(requester)s from %(client)s asks for “%(service)s”."),
        meaning=_("Whoever takes it first looks after it."),
        promise=True,
    ),
    "taken": Words(_("%(actor)s is working on “%(subject)s”")),
    "released": Words(_("“%(subject)s” is free to take again")),
    "taken_back": Words(
        _("Back in the queue: %(subject)s"),
        _("%(reference)s was given to you and is in the queue again."),
        meaning=_("Take it if you can work on it now; else somebody else does."),
    ),
    "raised": Words(_("“%(subject)s” has a higher priority now")),
    "assigned": Words(
        _("For you: %(subject)s"),
        _("%(actor)s has given you %(reference)s, asked by %(requester)s from %(client)s."),
        meaning=_("You are the one who works on it now."),
        promise=True,
    ),
    "replied": Words(
        _("%(actor)s wrote about “%(subject)s”"),
        _("%(actor)s wrote %(when)s:"),
        unquoted=_("%(actor)s wrote %(when)s."),
        button=_("Read and answer here"),
        answers=True,
    ),
    "noted": Words(_("%(actor)s left a note on “%(subject)s”")),
    "asked": Words(
        _("%(provider)s has a question about “%(subject)s”"),
        _("%(actor)s asked %(when)s:"),
        unquoted=_("%(actor)s asked you something %(when)s."),
        meaning=_("We go on as soon as you have answered; until then the promise stands still."),
        button=_("Answer here"),
        answers=True,
    ),
    "held": Words(
        _("“%(subject)s” waits for %(third_party)s"),
        _("%(actor)s wrote %(when)s:"),
        unquoted=_("It waits for %(third_party)s."),
        meaning=_("You need not do anything; %(provider)s watches for what comes from outside."),
        answers=True,
    ),
    "answered": Words(
        _("%(actor)s answered your question: %(subject)s"),
        _("%(actor)s answered %(when)s:"),
        unquoted=_("%(actor)s answered %(when)s."),
        meaning=_("The promise runs again."),
        promise=True,
        answers=True,
    ),
    "look_again": Words(_("“%(subject)s” goes on")),
    "nudged": Words(
        _("%(provider)s still needs your answer: %(subject)s"),
        _("%(provider)s asked you this and cannot go on without your answer:"),
        unquoted=_("%(provider)s asked you something and cannot go on without your answer."),
        meaning=_("Without an answer it is set to done 5 working days after the question."),
        button=_("Answer here"),
        answers=True,
    ),
    "day_came": Words(
        _("Look at it again: %(subject)s"),
        _("This is the day on which %(reference)s was to be looked at again."),
        meaning=_("It still waits for the answer of %(requester)s."),
    ),
    "goes_on": Words(
        _("The waiting is over: %(subject)s"),
        _("This is the day on which %(reference)s was to be looked at again; it is in progress."),
        meaning=_("If it has to wait longer, put it on hold again and say until when."),
        promise=True,
    ),
    "unanswered": Words(
        _("Set to done without your answer: %(subject)s"),
        _("%(provider)s wrote %(when)s:"),
        unquoted=_("There was no answer, and so it was set to done %(when)s."),
        meaning=_("Without a word from you it closes after 5 working days."),
        button=_("Say here if it is not yet solved"),
        answers=True,
    ),
    "given_up": Words(_("No answer came, set to done: %(subject)s")),
    "approval_asked": Words(
        _("Your decision, please: %(subject)s"),
        _("%(actor)s asks you to approve what %(requester)s from %(client)s asked for."),
        meaning=_("The work waits until you have decided."),
        button=_("Look and decide here"),
        answers=True,
    ),
    "approved": Words(
        _("Approved: %(subject)s"),
        _("%(actor)s has approved request %(reference)s."),
        meaning=_("%(provider)s goes on with it."),
    ),
    "refused": Words(
        _("Not approved: %(subject)s"),
        _("%(actor)s has not approved request %(reference)s."),
        meaning=_("%(provider)s decides how to go on."),
    ),
    "resolved": Words(
        _("Done: %(subject)s"),
        _("%(actor)s wrote %(when)s:"),
        unquoted=_("It was resolved %(when)s."),
        meaning=_(
            "Please say whether it works. Without a word from you it closes after 5 working days."
        ),
        button=_("Confirm here, or say what is missing"),
        answers=True,
    ),
    "reopened": Words(
        _("Not yet solved: %(subject)s"),
        _("%(actor)s reopened %(reference)s %(when)s:"),
        unquoted=_("%(actor)s reopened %(reference)s %(when)s."),
        meaning=_("It is in progress again."),
        promise=True,
        answers=True,
    ),
    "cancelled": Words(
        _("Cancelled: %(subject)s"),
        _("%(actor)s has cancelled %(reference)s."),
        meaning=_("There is nothing left to do."),
    ),
    "declined": Words(
        _("%(provider)s cannot do this: %(subject)s"),
        _("%(actor)s wrote %(when)s:"),
        unquoted=_("It was declined %(when)s."),
        meaning=_(
            "The request is closed. If you still need it, ask again or talk to %(provider)s."
        ),
        button=_("Read why"),
    ),
    "handed_to_you": Words(
        _("Handed to you: %(subject)s"),
        _("%(actor)s has handed %(reference)s on to %(provider)s."),
        meaning=_("Whoever takes it first looks after it."),
        promise=True,
    ),
    "handed_on": Words(_("%(provider)s looks after “%(subject)s” now")),
    "shared": Words(
        _("%(actor)s shares a request with you: %(subject)s"),
        _("%(actor)s has brought you in on %(reference)s of %(requester)s."),
        meaning=_("You can read along, and answer."),
        answers=True,
    ),
    "mentioned": Words(
        _("%(actor)s named you: %(subject)s"),
        _("%(actor)s wrote %(when)s and named you:"),
        unquoted=_("%(actor)s wrote something %(when)s and named you."),
        meaning=_("You see the request and can write on it."),
        button=_("Read and answer here"),
        answers=True,
    ),
    "mentioned_in_note": Words(
        _("%(actor)s named you in a note: %(subject)s"),
        _("%(actor)s named you in an internal note on %(reference)s %(when)s."),
        meaning=_("What it says is read at the desk only."),
        button=_("Read the note"),
    ),
    "warned": Words(
        _("Soon due: %(subject)s"),
        _("%(percent)s %% of the time for %(promise)s on %(reference)s is used up."),
        meaning=_("There is still time to keep the promise."),
        promise=True,
    ),
    "breached": Words(
        _("Late: %(subject)s"),
        _("%(reference)s: %(promise)s was promised by %(by)s, and that is over."),
        meaning=_("%(requester)s from %(client)s is waiting. A word on how it goes on helps."),
        button=_("Look after it"),
    ),
    "escalated": Words(
        _("Still late: %(subject)s"),
        _("%(reference)s: %(percent)s %% of the time for %(promise)s is used up."),
        meaning=_(
            "%(requester)s from %(client)s is waiting. You hear of it because what %(provider)s "
            "promised says so."
        ),
        button=_("See where it stands"),
    ),
    "late": Words(_("%(provider)s is late with “%(subject)s”; they know")),
    "invited": Words(
        _("How did %(provider)s do? %(subject)s"),
        _("How satisfied are you with how %(provider)s handled this request?"),
        meaning=_("One click and Send; it takes less than a minute."),
        button=_("Rate it"),
    ),
    "recovery": Words(
        _("%(requester)s was not satisfied: %(subject)s"),
        _("%(requester)s from %(client)s was dissatisfied with how you handled %(reference)s."),
        meaning=_("A word with them soon is worth more than any figure. Then say what came of it."),
        button=_("Read why, and look after it"),
    ),
}

BARE = Words(
    _("News about %(reference)s"),
    _("There is news about request %(reference)s. What it says is shown at the desk only."),
    button=_("Open %(reference)s"),
)
"""For a restricted request: the reference and the link, nothing else."""

BARE_INVITATION = Words(
    _("How was %(reference)s handled?"),
    _("How satisfied are you with how request %(reference)s was handled?"),
    meaning=_("One click and Send; it takes less than a minute."),
    button=_("Rate it"),
)
