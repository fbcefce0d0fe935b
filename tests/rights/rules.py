"""Who may open what: one small table, written by hand and not taken from the code under test.

Each address of the desk is declared here by its name; an address that is missing fails the test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SIGNED_OUT = "signed out"
ROLES = (
    SIGNED_OUT,
    "requester",
    "colleague of the requester",
    "participant",
    "approver",
    "agent of the team",
    "agent of another team",
    "lead",
    "lead of the client",
    "agent of another department",
    "agent of the former provider",
    "manager of the provider",
    "manager of the former provider",
    "manager of all",
    "administrator",
)
EVERYBODY = frozenset(ROLES) - {SIGNED_OUT}
NOBODY: frozenset[str] = frozenset()

# -- Requests ------------------------------------------------------------------------------------

KINDS = ("plain", "restricted", "transferred", "restricted and transferred")

CONCERNED = frozenset({"requester", "participant", "approver"})
NAMED_TEAM = frozenset({"agent of the team", "lead"})
WORKS_THERE = NAMED_TEAM | {"agent of another team"}
MANAGES = frozenset({"manager of the provider", "manager of all"})
FORMER = frozenset({"agent of the former provider"})

WORKS_ON: Mapping[str, frozenset[str]] = {
    "plain": WORKS_THERE,
    "restricted": NAMED_TEAM,
    "transferred": WORKS_THERE,
    "restricted and transferred": NAMED_TEAM,
}
READS_NOTES: Mapping[str, frozenset[str]] = WORKS_ON | {"transferred": WORKS_THERE | FORMER}  # type: ignore[operator]
SEES: Mapping[str, frozenset[str]] = {
    "plain": CONCERNED | READS_NOTES["plain"] | MANAGES,
    "restricted": CONCERNED | READS_NOTES["restricted"],
    "transferred": CONCERNED | READS_NOTES["transferred"] | MANAGES,
    "restricted and transferred": CONCERNED | READS_NOTES["restricted and transferred"],
}

# Who does what, among those who see the request; "provider" is whoever works on it.
PROVIDER = "provider"
DEEDS: Mapping[str, frozenset[str]] = {
    "take": frozenset({PROVIDER}),
    "release": frozenset({PROVIDER}),
    "ask": frozenset({PROVIDER}),
    "hold": frozenset({PROVIDER}),
    "resume": frozenset({PROVIDER}),
    "ask_approval": frozenset({PROVIDER}),
    "resolve": frozenset({PROVIDER}),
    "decline": frozenset({PROVIDER}),
    "transfer": frozenset({PROVIDER}),
    "assign": frozenset({PROVIDER}),
    "prioritise": frozenset({PROVIDER}),
    "note": frozenset({PROVIDER}),
    "reply": frozenset({PROVIDER, "requester", "participant"}),
    "reopen": frozenset({PROVIDER, "requester", "participant"}),
    "share": frozenset({PROVIDER, "requester"}),
    "unshare": frozenset({PROVIDER, "requester"}),
    "annotate": frozenset({PROVIDER}),
    "answer": frozenset({"requester", "participant"}),
    "confirm": frozenset({"requester"}),
    "cancel": frozenset({"requester"}),
    "approve": frozenset({"approver"}),
    "refuse": frozenset({"approver"}),
    "close": NOBODY,
}
TRIED = ("take", "reply", "share", "answer", "confirm", "approve", "close", "no-such-deed")
"""One deed for each sort of doer: these are tried by everyone; the others must equal the table."""
NOT_BY_HAND = frozenset({"close", "no-such-deed"})
"""Answered as what does not exist."""


def does(deed: str, who: str, kind: str) -> bool:
    """Whether this is that person's to do."""
    doers = DEEDS[deed]
    return who in doers or (PROVIDER in doers and who in WORKS_ON[kind])


# -- Addresses -----------------------------------------------------------------------------------

OK, MOVED, UNREAD, REFUSED = 200, 302, 405, 422
FORBIDDEN, GONE = 403, 404
LOGIN = frozenset({302})
NO_KEY = frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class Rule:
    """What an address answers. `get` and `post` are for its readers; empty: not its method."""

    readers: frozenset[str] | Mapping[str, frozenset[str]]
    """Roles; by kind of request where the address names one."""
    get: frozenset[int] = frozenset({OK})
    post: frozenset[int] = frozenset()
    others: frozenset[int] = frozenset({GONE})
    """What those signed in are told who may not."""
    public: bool = False
    program: bool = False
    """Of the API: who is not signed in is told so, and led nowhere."""
    names_request: bool = False
    names_deed: bool = False
    given: Mapping[str, str] = field(default_factory=dict)
    """Parts of the address other than the request and the deed; names of `tests.rights.world`."""
    query: str = ""


def codes(*numbers: int) -> frozenset[int]:
    """A set of statuses."""
    return frozenset(numbers)


IT = {"department": "it"}
SERVICE = IT | {"service": "new-laptop"}
LEADS = frozenset({"lead"})
AGENTS = WORKS_THERE | FORMER | {"lead of the client", "agent of another department"}
FIGURES = frozenset(
    {
        "lead",
        "lead of the client",
        "manager of the provider",
        "manager of the former provider",
        "manager of all",
        "administrator",
    }
)
ADMINISTRATORS = frozenset({"administrator"})
SENT = codes(OK, MOVED, REFUSED, 400, GONE, 409)
"""What a form may answer to nothing at all."""


def own(**given: object) -> Rule:
    """A page that everyone has, with their own things on it."""
    return Rule(EVERYBODY, **given)  # type: ignore[arg-type]


def editor(
    more: dict[str, str] | None = None,
    *,
    get: frozenset[int] = frozenset({OK}),
    post: bool = True,
) -> Rule:
    """A page of the service editor: its agents are told whose it is, others find nothing."""
    return Rule(
        LEADS,
        get=get,
        post=SENT if post else frozenset(),
        others=codes(FORBIDDEN, GONE),
        given=IT | (more or {}),
    )


def settings(*, get: frozenset[int] = frozenset({OK}), post: bool = True, pk: str = "") -> Rule:
    """A page of administrators."""
    return Rule(
        ADMINISTRATORS,
        get=get,
        post=SENT if post else frozenset(),
        others=codes(FORBIDDEN),
        given={"pk": pk} if pk else {},
    )


def shared_view() -> Rule:
    """Changing a view that is shared: whoever keeps it, and a lead; others there are told so."""
    return Rule(
        NAMED_TEAM, post=SENT, others=codes(FORBIDDEN, GONE), given=IT | {"pk": "shared view"}
    )


def behind_a_figure() -> Rule:
    """The list behind a figure of a department: for those who manage or lead it."""
    return Rule(MANAGES | LEADS, given={"figure": "open"}, query="?of=it")


BOTH_SIDES = frozenset({"lead", "lead of the client"})
READS_AGREEMENT = BOTH_SIDES | MANAGES | ADMINISTRATORS


def of_an_agreement(
    readers: frozenset[str],
    more: dict[str, str] | None = None,
    *,
    get: frozenset[int] = frozenset({OK}),
    post: frozenset[int] = frozenset(),
) -> Rule:
    """A page of an agreement between IT and Finance; its other readers are told whose it is."""
    return Rule(
        readers,
        get=get,
        post=post,
        others=codes(FORBIDDEN, GONE),
        given={"pk": "agreement"} | (more or {}),
    )


ACT = frozenset[int]()
LAPTOP = {"service": "new-laptop"}

RULES: dict[str, Rule] = {
    # portal
    "portal:home": own(),
    "portal:landing": own(get=codes(MOVED)),
    "portal:search": own(query="?q=zebra"),
    "portal:services": own(query="?q=zebra"),
    "portal:department": own(given=IT),
    "portal:service": own(given=SERVICE, post=SENT),
    "portal:promise": own(given=SERVICE, query="?impact=me&urgency=soon"),
    "portal:preview": Rule(LEADS, given=SERVICE),
    "portal:suggest": own(query="?q=person"),
    "portal:my_requests": own(query="?show=all"),
    "portal:notices": own(),
    "portal:read_all": own(get=ACT, post=codes(MOVED)),
    "portal:open_notice": Rule(
        frozenset({"requester"}), get=ACT, post=codes(MOVED), given={"pk": "notice"}
    ),
    "portal:rate": Rule(
        frozenset(ROLES), get=codes(GONE), post=codes(GONE), public=True, given={"token": "none"}
    ),
    "portal:profile": own(post=SENT),
    "portal:mailbox": Rule(NOBODY, public=True),
    "portal:mail": Rule(NOBODY, public=True, given={"pk": "nothing"}),
    "portal:mail_html": Rule(NOBODY, public=True, given={"pk": "nothing"}),
    "portal:draft": own(program=True, get=ACT, post=SENT | {204}, given=SERVICE),
    "portal:forget_draft": own(get=ACT, post=SENT | {204}, given=SERVICE),
    "portal:favourite": own(get=ACT, post=SENT | {204}, given=SERVICE),
    "portal:add_absence": own(get=ACT, post=SENT),
    "portal:remove_absence": own(get=ACT, post=codes(GONE), given={"pk": "nothing"}),
    "conversation:stage": own(get=ACT, post=SENT),
    # one request
    "conversation:file": Rule(SEES, names_request=True, given={"pk": "file", "name": "zebra.txt"}),
    "conversation:request": Rule(SEES, names_request=True),
    "conversation:promises": Rule(SEES, names_request=True),
    "conversation:why_late": Rule(
        READS_NOTES,
        get=codes(GONE),
        post=codes(GONE),
        others=codes(FORBIDDEN, GONE),
        names_request=True,
    ),
    "conversation:news": Rule(SEES, names_request=True, query="?since=0"),
    "conversation:draft": Rule(SEES, get=ACT, post=SENT, names_request=True, program=True),
    "conversation:forget_draft": Rule(SEES, get=ACT, post=codes(MOVED), names_request=True),
    "conversation:do": Rule(SEES, get=codes(MOVED), post=codes(GONE), names_request=True),
    "conversation:deed": Rule(SEES, post=SENT, names_request=True, names_deed=True),
    "desk:preview": Rule(WORKS_ON, names_request=True, given=IT),
    "api:request": Rule(SEES, names_request=True, program=True),
    "api:promises": Rule(SEES, names_request=True, program=True),
    "api:deed": Rule(SEES, get=ACT, post=SENT, names_request=True, names_deed=True, program=True),
    # queues
    "desk:queue": Rule(AGENTS, get=codes(MOVED)),
    "desk:queue_there": Rule(WORKS_THERE, get=codes(MOVED), given=IT),
    "desk:bulk": Rule(WORKS_THERE, get=codes(MOVED), post=codes(REFUSED), given=IT),
    "desk:undo": Rule(WORKS_THERE, get=ACT, post=codes(GONE), given=IT),
    "desk:view": Rule(WORKS_THERE, given=IT | {"name": "open"}),
    "desk:changes": Rule(WORKS_THERE, given=IT | {"name": "open"}, query="?since=0"),
    "desk:table": Rule(WORKS_THERE, given=IT | {"name": "open"}),
    "desk:saved": Rule(WORKS_THERE, given=IT | {"pk": "shared view"}),
    "desk:saved_new": Rule(WORKS_THERE, post=SENT, given=IT),
    "desk:saved_change": shared_view(),
    "desk:saved_remove": shared_view(),
    "desk:our_requests": Rule(
        frozenset({"lead of the client"}), given={"department": "finance"}, query="?status=all"
    ),
    # canned replies
    "desk:replies": editor(post=False),
    "desk:reply_new": editor(),
    "desk:reply_look": editor(get=ACT),
    "desk:reply": editor({"pk": "reply"}),
    "desk:reply_remove": editor({"pk": "reply"}),
    "desk:feedback": Rule(LEADS, given=IT, query="?score=1"),
    "desk:recovery": Rule(LEADS, get=ACT, post=codes(GONE), given=IT | {"pk": "nothing"}),
    "desk:recovery_take": Rule(LEADS, get=ACT, post=codes(GONE), given=IT | {"pk": "nothing"}),
    # service editor
    "desk:services": editor(post=False),
    "desk:service_new": editor(),
    "desk:service_look": editor(get=ACT),
    "desk:service_edit": editor(LAPTOP),
    "desk:service_form": editor(LAPTOP),
    "desk:question_new": editor(LAPTOP),
    "desk:question": editor(LAPTOP | {"key": "details"}),
    "desk:service_publish": editor(LAPTOP),
    "desk:service_retire": editor(LAPTOP),
    "desk:service_reopen": editor(LAPTOP, get=ACT),
    "desk:service_version": editor(LAPTOP | {"number": "one"}, post=False),
    # calendars
    "desk:calendars": editor(post=False),
    "desk:calendar_new": editor(),
    "desk:calendar_look": editor(get=ACT),
    "desk:calendar": editor({"pk": "calendar"}),
    "desk:calendar_default": editor({"pk": "calendar"}, get=ACT),
    "desk:calendar_history": editor({"pk": "calendar"}, post=False),
    "desk:calendar_requests": editor({"pk": "calendar"}),
    "desk:agreement_requests": editor({"pk": "agreement version"}),
    "desk:reapplying": editor({"pk": "run"}, post=False),
    # agreements
    "desk:agreements": editor(post=False),
    "desk:agreement_new": editor(),
    "desk:standard": editor(),
    "desk:register": Rule(FIGURES - BOTH_SIDES),
    "desk:minimum": settings(),
    "desk:agreement": of_an_agreement(READS_AGREEMENT),
    "desk:agreement_version": of_an_agreement(READS_AGREEMENT, {"number": "one"}),
    "desk:agreement_month": of_an_agreement(READS_AGREEMENT),
    "desk:agreement_edit": of_an_agreement(LEADS, post=SENT),
    "desk:agreement_drop": of_an_agreement(LEADS, post=SENT),
    "desk:agreement_propose": of_an_agreement(LEADS, get=ACT, post=SENT),
    "desk:agreement_take_back": of_an_agreement(LEADS, get=ACT, post=SENT),
    "desk:agreement_accept": of_an_agreement(BOTH_SIDES, get=ACT, post=SENT),
    "desk:agreement_send_back": of_an_agreement(BOTH_SIDES, get=ACT, post=SENT),
    "desk:agreement_end": of_an_agreement(BOTH_SIDES, post=SENT),
    # figures
    "dashboards:overview": Rule(FIGURES, others=codes(FORBIDDEN)),
    "dashboards:meaning": Rule(FIGURES, others=codes(FORBIDDEN)),
    "dashboards:department": Rule(MANAGES | LEADS | ADMINISTRATORS, given=IT),
    "dashboards:today": Rule(LEADS, given=IT),
    "dashboards:behind": behind_a_figure(),
    "dashboards:table_csv": behind_a_figure(),
    "dashboards:table_xlsx": behind_a_figure(),
    # programs
    "api:schema": Rule(frozenset(ROLES), public=True),
    "api:services": own(program=True),
    "api:service": own(program=True, given=IT | {"slug": "new-laptop"}),
    "api:ask": own(program=True, get=ACT, post=codes(REFUSED), given=IT | {"slug": "new-laptop"}),
    "api:requests": own(program=True),
    # settings
    "administration:set_up": Rule(NOBODY, others=codes(MOVED, GONE), public=True),
    "administration:start": settings(get=codes(MOVED), post=False),
    "administration:organisation": settings(),
    "administration:departments": settings(post=False),
    "administration:new_department": settings(),
    "administration:department": settings(pk="department"),
    "administration:add_team": settings(get=ACT, pk="department"),
    "administration:team": settings(pk="team"),
    "administration:add_member": settings(get=ACT, pk="team"),
    "administration:remove_team": settings(get=ACT, pk="team"),
    "administration:people": settings(post=False),
    "administration:new_person": settings(),
    "administration:person": settings(pk="person"),
    "administration:leave": settings(pk="person"),
    "administration:come_back": settings(get=ACT, pk="person"),
    "administration:join": settings(get=ACT, pk="person"),
    "administration:manage": settings(get=ACT, pk="person"),
    "administration:set_administrator": settings(get=ACT, pk="person"),
    "administration:invite": settings(get=ACT, pk="person"),
    "administration:remove_second_factor": settings(get=ACT, pk="person"),
    "administration:set_lead": settings(get=ACT, pk="membership"),
    "administration:leave_team": settings(get=ACT, pk="membership"),
    "administration:end_management": settings(get=ACT, pk="management"),
    "administration:directory": settings(),
    "administration:directory_file": settings(get=codes(GONE), pk="nothing"),
    "administration:audit": settings(post=False),
    "administration:audit_export": settings(post=False),
    # for everyone
    "theme": Rule(frozenset(ROLES), get=ACT, post=SENT, public=True),
    "readyz": Rule(frozenset(ROLES), get=codes(OK, 503), public=True),
    "metrics": Rule(NOBODY, public=True),
    "gallery": Rule(frozenset(ROLES), public=True, post=codes(OK, REFUSED, FORBIDDEN)),
}

OF_SIGN_IN = ("account_", "mfa_", "socialaccount_", "openid_connect_")
"""Addresses of sign-in, which show at most one's own account and know of no request."""
