"""All parts of the look on one page, in all their states: for whoever works on it. Never live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe

from requests_app.markdown import render as render_markdown
from servicedesk import charts
from servicedesk.charts import Datum, Series
from servicedesk.frame import SideLink, SideSection, tell
from servicedesk.strip import Day, Stretch, Strip


@dataclass(frozen=True)
class Chip:
    """What slas.promises hands a page, by its shape alone."""

    state: str
    percent: int
    words: str
    title: str = ""
    story: str = ""
    due_at: datetime | None = None
    left_seconds: int | None = None
    budget_seconds: int | None = 8 * 3600
    calendar_id: int | None = 1
    warn_percent: int | None = 75


CHIPS = [
    Chip(
        "on-track",
        45,
        "4 h 24 min left",
        "Due today, 16:06",
        "Solved within 1 working day, Dublin hours.",
        left_seconds=15840,
    ),
    Chip(
        "at-risk",
        88,
        "18 min left",
        "Due today, 11:00",
        "First answer within 30 minutes.",
        left_seconds=1080,
        budget_seconds=9000,
    ),
    Chip(
        "late",
        100,
        "late by 3 h 12 min",
        "Was due yesterday, 16:00",
        "Niamh O’Sullivan was told at 16:00.",
        left_seconds=-11520,
    ),
    Chip(
        "paused",
        20,
        "paused, 4 days left",
        "The clock stands still",
        "It goes on as soon as you answer Aoife.",
    ),
    Chip("met", 100, "met, 3 h 22 min", "Was due on Monday, 14:00", "First answer within 4 h."),
    Chip("missed", 100, "missed by 1 day", "Was due on Monday, 14:00", "Answered on Tuesday."),
    Chip("none", 0, "nothing promised"),
]


class Sample(forms.Form):
    """One field of each kind."""

    where = forms.CharField(
        label="Where shall we bring it?",
        help_text="An office and floor, or your address at home.",
        error_messages={"required": "Tell us where to bring it"},
    )
    model = forms.ChoiceField(
        label="Which one?",
        widget=forms.RadioSelect,
        choices=[
            ("light", "Light, 13 inch\nFor travel and offices"),
            ("studio", "Studio, 16 inch\nFor pictures, film and data"),
        ],
        error_messages={"required": "Choose one of the two"},
    )
    programs = forms.MultipleChoiceField(
        label="Programs beyond the usual ones",
        widget=forms.CheckboxSelectMultiple,
        choices=[("draw", "Drawing"), ("film", "Film"), ("figures", "Figures")],
        required=False,
    )
    by = forms.DateField(
        label="When do you need it?", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    office = forms.ChoiceField(
        label="Office", choices=[("d", "Dublin"), ("l", "Lisbon"), ("k", "Kraków")]
    )
    count = forms.IntegerField(label="How many?", min_value=1, max_value=9)
    paper = forms.FileField(
        label="The quote", required=False, help_text="PDF or picture, up to 25 MB."
    )
    more = forms.CharField(
        label="Anything we should know?", widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    agree = forms.BooleanField(label="I bring the old one back within two weeks", required=False)


WRITTEN = """The mailbox is there and I have sent myself a *first* mail from it.

- one
- two, with `code` and a [link](https://desk.example)
"""


def _side() -> list[SideSection]:
    return [
        SideSection(
            "IT queue",
            [
                SideLink("At risk", "#", "timer", 4, "warning"),
                SideLink("All open", "/design/", "inbox", 14),
                SideLink("Unassigned", "#", "user", 4),
                SideLink("Returned to us, after they had it", "#", "undo-2", 1),
            ],
        ),
        SideSection(
            "Department",
            [SideLink("Our clients", "#", "users"), SideLink("Figures", "#", "chart-line")],
        ),
    ]


def _rows() -> list[SimpleNamespace]:
    subjects = [
        (
            "IT-1163",
            "VPN drops every hour in Kraków",
            "Sales",
            "Network",
            "Us",
            "Tomasz Zieliński",
            2,
            "P2",
        ),
        (
            "IT-1204",
            "No picture on the screen in room Tejo",
            "People",
            "Meeting rooms",
            "Us",
            "",
            1,
            "P1",
        ),
        (
            "IT-1187",
            "Shared mailbox for the Kraków trade fair",
            "Marketing",
            "Shared mailbox",
            "Us",
            "Niamh O’Sullivan",
            0,
            "P3",
        ),
        (
            "IT-1159",
            "Contract folder for outside counsel",
            "Legal",
            "Access",
            "Requester",
            "Aoife Byrne",
            3,
            "P3",
        ),
        (
            "IT-1155",
            "New password for the till in the lobby",
            "Facilities",
            "Password",
            "Requester",
            "Caoimhe Daly",
            4,
            "P4",
        ),
    ]
    names = ("reference", "subject", "client", "service", "turn", "assignee", "chip", "priority")
    rows = [SimpleNamespace(**dict(zip(names, row, strict=True))) for row in subjects]
    for row in rows:
        row.chip = CHIPS[row.chip]
    return rows


MONTHS = ("Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov")
READY = (83, 84, 82, None, 87, 88, 89, 84, 88, 89, 86, 88)
ANSWERED = (91, 92, 92, 93, 94, 95, 94, 90, 94, 95, 94, 94)
HANDED_ON = (88, 90, 95, 94, 90, 92, 94, 95, 93, 96, 95, 94)
LATE = {"Mon": (40, 10, 6, 20, 11), "Tue": (0, 0, 7, 6, None), "Wed": (33, 5, 7, 12, 12)}


def _charts() -> list[charts.LineChart | charts.BarChart | charts.HeatMap | None]:
    def line(name: str, values: Sequence[float | None]) -> Series:
        data = [
            Datum(value, f"{name}, {month}: {value} %", "#")
            for month, value in zip(MONTHS, values, strict=True)
        ]
        return Series(name, data, f"{name} {values[-1]}")

    lines = [line("Ready", READY), line("First answer", ANSWERED), line("Handed on", HANDED_ON)]
    ages = [("Today", 12), ("1 to 2 days", 40), ("3 to 7 days", 73), ("Over 30 days", 3)]
    return [
        charts.line_chart(lines, MONTHS, "Share in time by month"),
        charts.bar_chart(
            [(name, Datum(n, f"{name}: {n} open", "#"), f"{n}") for name, n in ages],
            "Open requests by age",
            ("", "", "", "late"),
        ),
        charts.heat_map(
            [(day, [Datum(one, f"{day}: {one} % late", "#") for one in data])
             for day, data in LATE.items()],
            ("9", "10", "11", "12", "13"),
            "Share late by weekday and hour",
        ),
    ]  # fmt: skip


def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component; ?bare leaves the side bar out, ?toasts says some messages."""
    now = timezone.now()
    request.side = [] if "bare" in request.GET else _side()  # type: ignore[attr-defined]
    if "toasts" in request.GET:
        tell(request, "Step 1 is done.", undo_url="/design/")
        messages.error(request, "Someone was quicker: Niamh has taken IT-1187.")
        request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True
    opens = int((now - timedelta(hours=1)).timestamp() * 1000)
    context = {
        "now": now,
        "chips": CHIPS,
        "soon": replace(CHIPS[0], words="under a minute left", left_seconds=20, percent=99),
        "states": ["on-track", "at-risk", "late", "paused", "met", "missed", "none"],
        "tones": ["", "good", "warning", "late", "waiting", "accent"],
        "calendars": {"1": [[opens, opens + 9 * 3600 * 1000]]},
        "form": Sample(
            {
                "where": "",
                "model": "",
                "programs": ["film"],
                "office": "l",
                "count": "12",
                "more": "The drawing programs, please.",
            }
        ),
        "empty_form": Sample(auto_id="plain_%s"),
        "rows": _rows(),
        "html": render_markdown(WRITTEN),
        "answers": [
            ("Address", "krakow@harbourpine.example"),
            ("Who reads it", "Inês Carvalho, João Pereira, Zofia Kamińska"),
            ("Needed by", "Tuesday 24 November"),
        ],
        "files": [
            SimpleNamespace(
                name="banner, second draft, with the harbour.pdf", url="#", size=2_340_000
            )
        ],
        "earlier": now - timedelta(days=3, hours=2),
        "events": [
            {"words": "P3 from team and soon", "at": now},
            {"words": "Tomasz took it", "at": now},
        ],
        "steps": [
            {
                "title": "Reserve the name",
                "detail": "Tomasz, Monday",
                "state": "met",
                "percent": 100,
            },
            {
                "title": "Make the mailbox",
                "detail": "Tomasz, since Tuesday",
                "state": "on-track",
                "percent": 81,
            },
            {
                "title": "Signature and banner",
                "detail": "Design, promised today, 15:00",
                "url": "#",
                "link": "DSG-0418",
                "state": "on-track",
                "percent": 60,
            },
            {"title": "Hand over", "detail": "after both", "state": "none", "percent": 0},
        ],
        "pairs": [
            ("Client", mark_safe('<a href="#">Marketing</a>')),  # our own words  # nosec B308
            ("Asked by", "Inês Carvalho"),
            ("Also here", "João Pereira, Zofia Kamińska"),
        ],
        "lines": [
            {"label": "First answer", "chip": CHIPS[4]},
            {"label": "Next update", "chip": CHIPS[0]},
            {"label": "Ready", "chip": CHIPS[2]},
        ],
        "strip": Strip(
            [Stretch("used", 0, 13), Stretch("paused", 13, 25), Stretch("used", 25, 84)],
            label="From Monday 09:58 to today 16:00. It stood still until Tuesday 09:22.",
            end="Thu 16:00",
            now=84.5,
            days=[Day("Mon", 12), Day("Tue", 37), Day("Wed", 64)],
        ),
        "charts": _charts(),
        "values": [79, 82, 78, 85, 88, 86, 91, 83, 88, 90, 86, 88],
        "crumbs": [("Services", "#"), ("IT", "#")],
        "staged": SimpleNamespace(
            files=[SimpleNamespace(pk=1, name="mailbox members.csv", size=18_400)]
        ),
    }
    return render(request, "gallery.html", context)
