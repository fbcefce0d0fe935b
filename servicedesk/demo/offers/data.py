"""What Data offers."""

from __future__ import annotations

from servicedesk.demo.offers.shape import (
    DETAILS,
    SMALL,
    USUAL,
    WHAT,
    Matter,
    Offer,
    choice,
    choices,
    day,
    long,
    person,
    short,
    yes_no,
)

REPORT = Offer(
    department="data",
    slug="report",
    name="A report or dashboard",
    team="Reporting",
    summary="Figures you can trust, once or every week.",
    category="data",
    icon="chart-column",
    share=1.6,
    weights=USUAL,
    asks=0.32,
    clients={"sales": 1.3, "finance": 1.5, "marketing": 1.3, "data": 0.0},
    gets=("A page with your figures", "A line on where they come from"),
    needs=("The question you want answered", "How often you look at it"),
    fields=(
        short("what", "Which question shall it answer?"),
        choice("how_often", "How often do you need it?", "Once", "Every week", "Every month"),
        day("first", "First time on", required=True, shown_when=["how_often", "Once"]),
        choices("by", "Split by", "Country", "Product", "Customer", "Month"),
        person("reader", "Who else reads it?", required=False),
        DETAILS,
    ),
    matters=(
        Matter("Which chairs come back most?", "And why, if we know.", {"by": ["Product"]}),
        Matter(
            "Orders of {city} by week",
            "For the meeting on Mondays.",
            {"how_often": "Every week", "by": ["Customer"]},
        ),
        Matter("Did {campaign} bring new customers?", "Before and after.", {"how_often": "Once"}),
        Matter(
            "Margin by country",
            "As the board sees it.",
            {"how_often": "Every month", "by": ["Country", "Month"]},
        ),
        Matter(
            "How long do parcels take to {country}?",
            "We promise four days.",
            {"how_often": "Once", "by": ["Country"]},
        ),
        Matter(
            "Head count by office", "For the rent.", {"how_often": "Every month", "by": ["Month"]}
        ),
        Matter(
            "Ten best customers, each quarter",
            "Names and sums.",
            {"how_often": "Every month", "by": ["Customer"]},
        ),
    ),
    talk=(
        ("With or without returned goods?", "Without."),
        ("By day of order or day of delivery?", "By day of order, please."),
        ("Is last year in it for comparison?", "Yes, that would help."),
    ),
    notes=("Table for returns has a gap in spring; noted on the page.",),
    holds=(("Cloudharbour", "Their connection is down for maintenance."),),
    done=(
        "The page is in your list of dashboards. Where the figures come from stands at the bottom.",
        "Done, with last year beside it.",
        "It comes every Monday at seven by mail.",
    ),
    again=("The sum is not that of the ledger.", "{colleague_first} cannot open it."),
)

NUMBERS = Offer(
    department="data",
    slug="wrong-numbers",
    name="A figure looks wrong",
    team="Warehouse",
    summary="We look where it comes from and put it right.",
    category="data",
    icon="database",
    share=1.0,
    weights=USUAL,
    clients={"finance": 1.8, "sales": 1.3, "data": 0.0},
    gets=("The reason", "A right figure, or an explanation"),
    needs=("Where you saw it, and what you expected",),
    fields=(
        WHAT,
        short("page", "On which page?"),
        short("seen", "What does it say?"),
        short("expected", "What should it say?", required=False),
        yes_no("went_out", "Has it gone to a customer?"),
        long("who_has_it", "To whom?", required=True, shown_when=["went_out", "yes"]),
        DETAILS,
    ),
    matters=(
        Matter(
            "Orders of yesterday are missing",
            "All of them.",
            {"page": "Orders by week", "seen": "0", "expected": "about 40", "went_out": False},
            done=("The night's run had stopped. It is through now, and all are there.",),
        ),
        Matter(
            "{city} twice in the table",
            "Once with an accent, once without.",
            {"page": "Head count", "seen": "{n}1 and {n}", "went_out": False},
            done=("They are one again.",),
        ),
        Matter(
            "Margin of 104 per cent",
            "It would be nice.",
            {"page": "Margin by country", "seen": "104", "went_out": False},
        ),
        Matter(
            "{customer} has two numbers",
            "Each with half of the orders.",
            {"page": "Best customers", "seen": "two rows", "went_out": False},
        ),
        Matter(
            "Stock below zero",
            "For the oak bench.",
            {
                "page": "Stock",
                "seen": "-{n}",
                "expected": "{n}0",
                "went_out": True,
                "who_has_it": "{customer}, in an offer",
            },
        ),
    ),
    talk=(("When did you look? It was loaded at seven.", "At half past nine."),),
    notes=(
        "Load failed at 02:10 on a bad date. Fixed and run again.",
        "Key changed in the order book without telling us.",
    ),
    done=(
        "Found and put right. The figure is good since this morning.",
        "It was a wrong join; thank you for looking closely.",
        "It is right, though it looks odd: I wrote down why on the page.",
    ),
    again=("This morning it is back.",),
)

EXTRACT = Offer(
    department="data",
    slug="extract",
    name="Data as a file",
    team="Warehouse",
    summary="A table to work on yourself.",
    category="data",
    icon="download",
    share=0.9,
    weights=SMALL,
    clients={"marketing": 1.6, "finance": 1.5, "data": 0.0},
    gets=("A file in your folder", "Deleted after the day you name"),
    needs=("Which columns", "Whether people are in it"),
    fields=(
        WHAT,
        long("columns", "Which columns?", required=True),
        yes_no("people_in_it", "Are people in it?"),
        long(
            "why",
            "What for?",
            "The law wants to know.",
            required=True,
            shown_when=["people_in_it", "yes"],
        ),
        day("delete_on", "May be deleted on", required=True),
    ),
    matters=(
        Matter(
            "Customers in {country}",
            "",
            {"columns": "Name, town, orders of the last year", "people_in_it": False},
        ),
        Matter(
            "Visitors of the fair",
            "",
            {
                "columns": "Name, company, mail",
                "people_in_it": True,
                "why": "To thank them for coming. They agreed at the stand.",
            },
        ),
        Matter(
            "All products with their weights",
            "",
            {"columns": "Number, name, weight, size of the box", "people_in_it": False},
        ),
        Matter(
            "Orders since January",
            "",
            {"columns": "Day, customer, sum, country", "people_in_it": False},
        ),
        Matter("Hours by project", "", {"columns": "Project, month, hours", "people_in_it": False}),
    ),
    talk=(("With or without cancelled orders?", "Without."),),
    notes=("2,400 rows, checked against the page.",),
    done=(
        "The file is in your folder. It goes on the day you named.",
        "Here it is, with a first row that says what is in each column.",
    ),
    again=("The accents are broken.",),
)

DATA_GENERAL = Offer(
    department="data",
    slug="general-request",
    name="General request",
    team="Reporting",
    summary="Anything about figures that fits nowhere else.",
    category="data",
    icon="chart-line",
    share=0.3,
    is_general=True,
    sends_on=0.2,
    fields=(WHAT, long("details", "Tell us more", required=True)),
    matters=(
        Matter(
            "What counts as a customer?",
            "We have three numbers for it.",
            done=(
                "Whoever ordered in the last 24 months. It stands on the page of definitions now.",
            ),
        ),
        Matter(
            "An hour about statistics",
            "For {n} of us who write reports.",
            done=("Next Wednesday at three, room {room}.",),
        ),
        Matter(
            "Is the difference real?",
            "Two per cent between {city} and the rest.",
            done=("No: with so few orders it may well be chance.",),
        ),
        Matter(
            "How many chairs is that in trees?",
            "For the brochure.",
            done=("About 140 a year. The sum is in your mail.",),
        ),
    ),
    talk=(("What will you decide with it?", "Whether to go on with it."),),
    done=("Done.",),
)

OFFERS = (REPORT, NUMBERS, EXTRACT, DATA_GENERAL)
