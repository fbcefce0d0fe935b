"""The days of those whom a visitor may sign in as: told by hand, and always just now.

Moments are business hours of the provider before now: at night and on a weekend they lie before
closing time, and the desk looks as it was left.
"""

# ruff: noqa: E501  a text stands on one line

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from calendars.worktime import WorkCalendar
from servicedesk.demo.company import Company, PersonPlan
from servicedesk.demo.story import Opinion, Ref, Step, Story

Deed = tuple[str, float, str, dict[str, Any]]
"""(deed, business hours before now, name of whoever did it, what was given)"""


def before(calendar: WorkCalendar, now: datetime, hours: float) -> datetime:
    """The last moment from which so many business hours led to now."""
    budget = timedelta(hours=hours)
    early, late = now - timedelta(days=90), now
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        if calendar.elapsed(middle, now) >= budget:
            early = middle
        else:
            late = middle
    return early.replace(microsecond=0)


def scenes(staff: Company, now: datetime) -> list[Story]:
    """What Inês asked for, and what lies on the desks of Tomasz and his colleagues."""
    stage = _Stage(staff, now)
    return [*_of_ines(stage), *_of_it(stage), *_of_others(stage)]


class _Stage:
    """Turns what is told below into stories."""

    def __init__(self, staff: Company, now: datetime) -> None:
        self.staff = staff
        self.now = now

    def someone(self, department: str, place: int = 0, office: str = "") -> str:
        """The name of someone there who has no part of their own."""
        free = [
            one
            for one in self.staff.of(department)
            if not (one.team or one.manages or one.is_administrator)
            and (not office or one.office == office)
            and one.name not in _OWN_PART
        ]
        return free[place].name

    def person(self, name: str) -> Ref:
        """The person of that name, as a deed or a form is given them."""
        return Ref("person", self.staff.named(name).email)

    def day(self, days: int) -> str:
        """A date so many days from now, for a form."""
        return (self.now + timedelta(days=days)).date().isoformat()

    def look_again(self, days: int) -> Any:
        """A working day about so many days from now."""
        day = (self.now + timedelta(days=days)).date()
        return day + timedelta(days=(0, 0, 0, 0, 0, 2, 1)[day.weekday()])

    def story(
        self,
        where: str,
        who: str,
        asked: float,
        weight: str,
        answers: dict[str, Any],
        deeds: Sequence[Deed],
        opinion: Opinion | None = None,
    ) -> Story:
        """A request to `where` ("department/service"), asked so many business hours ago."""
        department, service = where.split("/")
        calendar = self.staff.calendars[department]
        requester = self.staff.named(who)
        impact, urgency = weight.split()
        at = before(calendar, self.now, asked)
        steps: list[Step] = []
        last = at
        for deed, ago, name, given in deeds:
            moment = max(before(calendar, self.now, ago), last + timedelta(seconds=20))
            steps.append(Step(deed, moment, self._doer(name), given))
            last = moment
        return Story(
            0, department, service, requester.email, requester.email, at, answers, impact, urgency,
            tuple(steps), opinion,
        )  # fmt: skip

    def _doer(self, name: str) -> str:
        doer: PersonPlan = self.staff.named(name)
        return doer.email


INES, TOMASZ, AOIFE, NIAMH = (
    "Inês Carvalho",
    "Tomasz Zieliński",
    "Aoife Brennan",
    "Niamh O’Sullivan",
)
CIARAN, OONAGH, ZUZANNA, JOAO = (
    "Ciarán Doyle",
    "Oonagh Fitzgerald",
    "Zuzanna Pawlak",
    "João Pereira",
)
_OWN_PART = frozenset({INES, JOAO, "Beatriz Almeida", "Zofia Kamińska"})


def _say(words: str, **more: Any) -> dict[str, Any]:
    return {"message": words, **more}


def _of_ines(stage: _Stage) -> list[Story]:
    return [
        stage.story(
            "it/shared-mailbox", INES, 28.0, "team soon",
            {
                "what": "Shared mailbox for the Kraków trade fair", "address": "krakow",
                "owner": stage.person(INES), "may": "Read and send",
                "needed_by": stage.day(4), "until": stage.day(40),
                "details": "We have a stand at the fair in Kraków. Visitors should reach all of us at one address, and we should see who has answered.",
            },
            [
                ("share", 27.9, INES, {"user": stage.person("Zofia Kamińska")}),
                ("take", 26.0, TOMASZ, {}),
                ("ask", 24.6, TOMASZ, _say("Hello Inês, the name is free and I have kept it for you. One question before I begin: shall the three of you also send from this address, or only read?", look_again_on=stage.look_again(1))),
                ("answer", 18.2, INES, _say("Send as well, please. And could it have the stand’s banner in the signature?")),
                ("note", 15.0, NIAMH, _say("Two licences are left in the pool. I have asked Procurement for ten more, so go ahead and take one.")),
                ("reply", 7.0, TOMASZ, _say("The mailbox is there and I have sent myself a first mail from it. It will show up by itself on your computers within the hour; the signature follows when Design is done.")),
                ("reply", 1.2, INES, _say("Good morning! Could you also add Beatriz Almeida? She takes over the stand on Wednesday.")),
            ],
        ),
        stage.story(
            "legal/contract", INES, 32.0, "team soon",
            {
                "what": "Contract with Studio Norte", "kind": "Supplier", "value": "18000", "paper": "Theirs",
                "sign_by": stage.day(3), "details": "They make the film for the fair. Their lawyer sent the text; page 9 is the last I have.",
            },
            [
                ("reply", 29.5, OONAGH, _say("Dear Inês,\n\nI have it and read it this week.\n\nOonagh")),
                ("note", 20.0, OONAGH, _say("Clause 7 again. Rui should look at it as well.")),
                ("reply", 5.5, OONAGH, _say("I am sorry, this is late. Rui and I go through the rights to the film tomorrow, then you have it.")),
            ],
        ),
        stage.story(
            "it/monitor", INES, 21.0, "me planned",
            {
                "what": "Second monitor for the studio", "things": ["Monitor"], "monitors": "1", "where": "Lisbon, the studio",
                "details": "I compare the layouts of three languages, side by side.",
            },
            [
                ("take", 17.0, AOIFE, {}),
                ("ask", 11.5, AOIFE, _say("Hello Inês, is your desk top made of glass? Then I bring a stand, not the arm.", look_again_on=stage.look_again(2))),
            ],
        ),
        stage.story(
            "design/something-designed", INES, 17.0, "team soon",
            {
                "what": "Banner for the stand", "kind": "Banner or poster", "size": "3 by 2 metres", "languages": ["English", "Polish"],
                "text_final": True, "needed_by": stage.day(5), "details": "It should be read from across the hall.",
            },
            [
                ("take", 15.5, ZUZANNA, {}),
                ("reply", 14.5, ZUZANNA, _say("Hello Inês,\n\ntwo drafts are in the folder by tomorrow. I also make the small one for your signatures.\n\nZuzanna")),
                ("reply", 4.0, INES, _say("The second one, please, with the green of the first.")),
            ],
        ),
        stage.story(
            "people/travel", INES, 9.0, "me soon",
            {
                "what": "Travel to Kraków for the trade fair", "leaves": stage.day(6), "returns": stage.day(10), "how": "Flight",
                "room": True, "nights": "4", "details": "I look after the stand from morning to evening.",
            },
            [
                (
                    "reply",
                    7.5,
                    "Gráinne Daly",
                    _say("Hello Inês, I book as soon as Marta agrees. Near the fair, I suppose?"),
                ),
                ("ask_approval", 6.0, "Gráinne Daly", _say("Marta, do you agree? Flight and four nights, about 780 euro.", approver=stage.person("Marta Lis"))),
            ],
        ),
        stage.story(
            "it/new-laptop", JOAO, 7.0, "me planned",
            {
                "what": "Studio laptop for film work", "model": "Studio, 16 inch", "why_studio": "I cut the films for the fair, and mine stops after each minute.",
                "where": "Lisbon, the studio", "keyboard": "Portuguese", "needed_by": stage.day(14),
            },
            [
                (
                    "reply",
                    5.0,
                    AOIFE,
                    _say("Hello João, there is one left. It goes to Lisbon once it is agreed."),
                ),
                ("ask_approval", 4.0, AOIFE, _say("Inês, João’s laptop comes from your campaign’s budget: € 2,140. Do you agree?", approver=stage.person(INES))),
            ],
        ),
        stage.story(
            "facilities/broken", INES, 24.0, "me soon",
            {
                "what": "Projector in room Tejo", "office": "Lisbon", "place": "Room Tejo", "danger": False,
                "details": "The picture is yellow, and after ten minutes it is gone.",
            },
            [
                ("reply", 20.0, "Duarte Lopes", _say("Bom dia Inês,\n\nthat is the lamp. I have one in the cellar.\n\nDuarte")),
                ("resolve", 5.0, "Duarte Lopes", _say("The lamp is changed. Does it work again?")),
            ],
        ),
        stage.story(
            "finance/expenses", INES, 11.0, "me planned",
            {
                "what": "Trip to Porto, two days", "amount": "318.40", "kind": "Travel", "paid_on": stage.day(-6), "slips": True,
                "details": "Train, one night, and a taxi on the last evening.",
            },
            [("reply", 6.0, "Bartosz Sikora", _say("All slips are there. It comes with the run on Thursday."))],
        ),
        stage.story(
            "it/password", INES, 96.0, "me now",
            {"what": "New phone, the second step fails", "what_happens": "Second step does not work", "new_phone": True, "phone": "extension 412"},
            [
                ("reply", 95.7, TOMASZ, _say("Good morning Inês, I ring you in five minutes.")),
                ("resolve", 95.4, TOMASZ, _say("Your new phone is registered. The codes that it shows now are good.")),
                ("confirm", 94.0, INES, {}),
            ],
            Opinion(5, "I had not put the phone down, and it worked.", timedelta(hours=3)),
        ),
    ]  # fmt: skip


def _of_it(stage: _Stage) -> list[Story]:
    sales, people = stage.someone("sales", 3, "krakow"), stage.someone("people", 1)
    return [
        stage.story(
            "it/network", sales, 11.2, "team now",
            {"what": "VPN drops every hour in Kraków", "kind": "Working from afar", "how_many": "9", "details": "Then it takes five minutes to come back. We lose customers on the line."},
            [
                ("reply", 10.6, TOMASZ, _say("I see it from here too. I look at the line first, then at the switch.")),
                ("note", 6.0, TOMASZ, _say("Errors on two ports of the switch on the second floor. Asked Systems for a spare.")),
                ("reply", 2.4, sales, _say("Is there any news? It was seven times today.")),
            ],
        ),
        stage.story(
            "it/repair", stage.someone("finance", 4), 1.7, "team now",
            {"what": "Invoice export stops half-way", "thing": "Program", "program": "Ledger", "since": "Today", "details": "It writes 200 lines of 900 and then nothing, without a message. The run is tomorrow."},
            [],
        ),
        stage.story(
            "it/network", people, 0.2, "wide now",
            {"what": "No picture on the screen in room Wisła", "kind": "A meeting room", "room": "Wisła", "how_many": "30", "details": "All of us in Kraków are to watch the talk from Dublin, and a customer with us."},
            [],
        ),
        stage.story(
            "it/new-laptop", stage.someone("people", 2), 7.2, "team now",
            {"what": "Laptop for Marek, who starts on Monday", "model": "Light, 13 inch", "where": "Kraków, the fourth floor", "keyboard": "Polish", "details": "He was to come a month later."},
            [
                ("reply", 6.6, NIAMH, _say("There is one in Kraków. Olga sets it up, I do the accounts.")),
                ("note", 3.0, NIAMH, _say("Accounts are made, the disk is being written.")),
            ],
        ),
        stage.story(
            "it/phone", stage.someone("sales", 8), 0.6, "team now",
            {"what": "Lost phone: lock it, order a new one", "why": "Lost or stolen", "locked": False, "where": "Dublin, front desk", "details": "I left it in a taxi last night. The order book was open on it."},
            [],
        ),
        stage.story(
            "it/licence", stage.someone("design", 5), 19.0, "team soon",
            {"what": "Prototyping seats for two freelancers", "program": "Sketchboard", "how_long": "For a project", "until": stage.day(80), "seats": "2", "details": "They draw the new catalogue with us."},
            [("take", 17.0, CIARAN, {}), ("reply", 16.2, CIARAN, _say("I have two seats in mind that nobody uses. Let me ask their owners first."))],
        ),
        stage.story(
            "it/access", stage.someone("finance", 7), 2.1, "me now",
            {"what": "Forecast model, to read only", "system": "Forecast model", "right": "Read", "for_whom": stage.person(stage.someone("finance", 7)), "for_a_while": False, "details": "For the quarterly figures."},
            [],
        ),
        stage.story(
            "it/access", "Rui Fonseca", 30.0, "team soon",
            {"what": "Contract folder for outside counsel", "system": "Contract folder", "right": "Read", "for_whom": stage.person(OONAGH), "for_a_while": True, "until": stage.day(30), "details": "They look at the Polish part."},
            [
                ("take", 28.0, CIARAN, {}),
                ("ask", 12.0, CIARAN, _say("Which of the sub-folders may they see? I would rather not open all of it.", look_again_on=stage.look_again(1))),
            ],
        ),
        stage.story(
            "it/repair", stage.someone("procurement", 2), 38.0, "me soon",
            {"what": "Fan noise in Ana’s laptop", "thing": "Computer", "since": "For some days", "details": "It starts when she opens two programs at once and does not stop."},
            [
                ("reply", 34.0, AOIFE, _say("That sounds like a bearing. Could you bring it by?")),
                ("hold", 22.0, AOIFE, _say("It is at the workshop. Ana has a spare until it is back.", third_party="Northgate Repairs", look_again_on=stage.look_again(3))),
            ],
        ),
        stage.story(
            "it/access", stage.someone("data", 2), 8.0, "me now",
            {"what": "Read access to salary bands, one week", "system": "Another one", "other": "Salary bands", "right": "Read", "for_whom": stage.person(stage.someone("data", 2)), "for_a_while": True, "until": stage.day(9), "details": "For the pay comparison that the board asked for."},
            [
                (
                    "reply",
                    6.5,
                    TOMASZ,
                    _say("For one week that can be done. Teresa has to agree first."),
                ),
                ("ask_approval", 5.0, TOMASZ, _say("Teresa, may they see the bands for one week?", approver=stage.person("Teresa Moreira"))),
            ],
        ),
        stage.story(
            "it/password", stage.someone("facilities", 1), 9.0, "team now",
            {"what": "New password for the till in the lobby", "what_happens": "Password forgotten", "phone": "the front desk"},
            [
                ("reply", 8.8, TOMASZ, _say("I come down.")),
                ("resolve", 8.3, TOMASZ, _say("The new password lies in the safe of the front desk. The till takes cards again.")),
            ],
        ),
    ]  # fmt: skip


def _of_others(stage: _Stage) -> list[Story]:
    buyer, seller = stage.someone("procurement", 0), stage.someone("sales", 1)
    return [
        stage.story(
            "legal/contract", buyer, 56.0, "team soon",
            {"what": "Framework for parcel services", "kind": "Supplier", "value": "140000", "paper": "Theirs", "sign_by": stage.day(-2), "details": "Three couriers, one text. The old one has ended."},
            [
                ("reply", 50.0, "Rui Fonseca", _say("Thank you. There are three contracts of Sales before it, I am afraid.")),
                ("reply", 22.0, buyer, _say("We send without a contract since Monday. Could you tell me when?")),
                ("reply", 16.0, "Rui Fonseca", _say("This week, I promise. I am sorry.")),
            ],
        ),
        stage.story(
            "finance/credit-note", seller, 9.6, "team now",
            {"what": "Credit note for a returned order, Dunmore Hotels", "order": "O-44107", "amount": "1180.00", "why": "Returned", "details": "Six chairs came back, all in order. They order again once they have it."},
            [("take", 8.9, "Bartosz Sikora", {}), ("reply", 8.7, "Bartosz Sikora", _say("I ask the store whether they are back."))],
        ),
    ]  # fmt: skip
