"""As whom a visitor of the demo may sign in: one of each role. Shown in demo mode only."""

from __future__ import annotations

from dataclasses import dataclass

from servicedesk.demo.company import MAIL_DOMAIN

PASSWORD = "harbour and pine"  # noqa: S105  printed on the demo's own sign-in page
"""Of everyone in the demo."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """Someone to look around as."""

    role: str
    name: str
    email: str
    what_you_see: str
    password: str = PASSWORD


def _as(role: str, name: str, address: str, what_you_see: str) -> SignIn:
    return SignIn(role, name, f"{address}@{MAIL_DOMAIN}", what_you_see)


SIGN_INS: tuple[SignIn, ...] = (
    _as(
        "Employee", "Inês Carvalho", "ines.carvalho",
        "Marketing in Lisbon: what she asked for, and what needs her.",
    ),
    _as(
        "Agent", "Tomasz Zieliński", "tomasz.zielinski",
        "IT in Kraków: the queue, and what breaches next.",
    ),
    _as(
        "Lead", "Niamh O’Sullivan", "niamh.osullivan",
        "Leads IT in Dublin: the queue and everything in it.",
    ),
    _as(
        "Manager", "Maeve Kelly", "maeve.kelly",
        "The whole of Harbour & Pine: do we keep our promises?",
    ),
    _as(
        "Administrator", "Siobhán Walsh", "siobhan.walsh",
        "Departments, people and roles.",
    ),
)  # fmt: skip


def sign_ins() -> list[SignIn]:
    """All of them, for the sign-in page."""
    return list(SIGN_INS)
