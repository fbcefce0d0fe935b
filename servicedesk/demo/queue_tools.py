"""What some departments of Harbour & Pine keep at hand: canned replies and shared views."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from people.models import Department, User
from requests_app import canned, saved_views


@dataclass(frozen=True, slots=True)
class Tools:
    """Of one department: (name, text) of each reply, (name, view, filter) of each view."""

    replies: tuple[tuple[str, str], ...]
    views: tuple[tuple[str, str, str], ...]


def _letter(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


TOOLS: dict[str, Tools] = {
    "it": Tools(
        replies=(
            (
                "Ready to collect",
                _letter(
                    "Hello {requester_first_name},",
                    (
                        "{subject} is ready. You can collect it at the IT counter on the ground "
                        "floor, 9:00 to 12:30 and 13:30 to 17:00. Please bring your badge."
                    ),
                    "Kind regards, {assignee}",
                ),
            ),
            (
                "Which device is it?",
                _letter(
                    "Hello {requester_first_name},",
                    (
                        "so that we can look at the right machine: what is the number on its "
                        "sticker (it begins with HP-), and does it happen at home, too?"
                    ),
                ),
            ),
            (
                "Restart first",
                _letter(
                    "Hello {requester_first_name},",
                    (
                        "please close everything, restart the machine (**not** only the lid), "
                        "and try again. If it is still there, answer here and we call you. We "
                        "have promised to be done by {due}."
                    ),
                ),
            ),
            (
                "Done from here",
                _letter(
                    "Hello {requester_first_name},",
                    (
                        "we have set it up from here; please sign out and in once. If anything "
                        "is missing, say so under {reference}."
                    ),
                    "{assignee}, {department}",
                ),
            ),
        ),
        views=(
            ("Nobody has it yet", "open", "status=new&who=nobody"),
            ("Urgent this week", "open", "priority=P1&asked=week"),
        ),
    ),
    "people": Tools(
        replies=(
            (
                "Letter is ready",
                _letter(
                    "Dear {requester_first_name},",
                    (
                        "your letter is signed and attached. The original is in your pigeonhole "
                        "from tomorrow."
                    ),
                    "{assignee}",
                ),
            ),
            (
                "We need a document",
                _letter(
                    "Dear {requester_first_name},",
                    (
                        "for “{service}” we still need a copy of the document itself, not a "
                        "photo of the screen. You can attach it to your answer; nobody outside "
                        "the team sees it."
                    ),
                ),
            ),
            (
                "It takes until the next payroll",
                _letter(
                    "Dear {requester_first_name},",
                    (
                        "thank you, we have it. The change counts from the next payroll; you "
                        "need to do nothing more. Today is {today}, so that is the end of this "
                        "month if the 15th has not passed."
                    ),
                ),
            ),
        ),
        views=(
            ("Waits for papers", "waiting-requester", "order=newest"),
            ("Older than a month", "open", "asked=older"),
        ),
    ),
    "facilities": Tools(
        replies=(
            (
                "Someone comes by",
                _letter(
                    "Hello {requester_first_name},",
                    (
                        "we come by and have a look. If you are not at your desk then, please "
                        "leave a note where it is."
                    ),
                    "{assignee}, {department}",
                ),
            ),
            (
                "The locksmith is ordered",
                _letter(
                    "Hello {requester_first_name},",
                    (
                        "that needs the locksmith, who is ordered. We write here as soon as we "
                        "know the day."
                    ),
                ),
            ),
            (
                "Badge works again",
                _letter(
                    "Hello {requester_first_name},",
                    (
                        "your badge opens the doors again. Hold it to the reader at the main "
                        "entrance once, then to the others."
                    ),
                ),
            ),
        ),
        views=(
            ("Nobody has it yet", "open", "status=new&who=nobody"),
            ("Waits for a firm", "waiting-third-party", ""),
        ),
    ),
}


def equip(departments: dict[str, Department], lead: Callable[[str], User], at: datetime) -> None:
    """Give these departments their replies and views, by their leads."""
    for slug, tools in TOOLS.items():
        here, by = departments[slug], lead(slug)
        for name, text in tools.replies:
            canned.keep(here, name=name, text=text, by=by, at=at)
        for name, view, query in tools.views:
            saved_views.keep(here, name=name, view=view, query=query, is_shared=True, by=by, at=at)
