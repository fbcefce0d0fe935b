"""What Procurement offers."""

# ruff: noqa: E501  a text stands on one line

from __future__ import annotations

from servicedesk.demo.offers.shape import (
    DETAILS,
    SMALL,
    USUAL,
    WHAT,
    Matter,
    Offer,
    choice,
    day,
    long,
    number,
    short,
    yes_no,
)

BUY = Offer(
    department="procurement",
    slug="buy",
    name="Buy something",
    team="Buying",
    summary="You say what you need. We find it, ask three suppliers and order.",
    category="buying",
    icon="shopping-cart",
    share=2.0,
    weights=USUAL,
    approvals=0.4,
    held=0.2,
    clients={"facilities": 2.4, "marketing": 1.6, "it": 1.8, "procurement": 0.0},
    gets=("An order with a date", "The better of three offers above 500 euro"),
    needs=("What it must be able to do", "Who pays"),
    fields=(
        short("what", "What do you need?"),
        number("amount", "About how much, in euro?", required=True),
        short("cost_centre", "Cost centre"),
        yes_no("offer", "Do you have an offer already?"),
        short("from_whom", "From whom?", shown_when=["offer", "yes"]),
        day("needed_by", "Needed by"),
        DETAILS,
    ),
    matters=(
        Matter(
            "Ten licences for the mail system",
            "The pool is nearly empty.",
            {"amount": "{amount}", "cost_centre": "{n}100", "offer": False},
        ),
        Matter(
            "Chairs for room {room}",
            "Twelve, to stack.",
            {"amount": "{amount}", "cost_centre": "{n}300"},
        ),
        Matter(
            "Camera for the studio",
            "With the two lenses {colleague_first} named.",
            {"amount": "{amount}", "cost_centre": "{n}500"},
        ),
        Matter(
            "Paper bags with our name",
            "5,000 for the fair.",
            {"amount": "{amount}", "cost_centre": "{n}210"},
        ),
        Matter(
            "Spare parts for the lift",
            "The fitter gave us a list.",
            {
                "amount": "{amount}",
                "cost_centre": "{n}300",
                "offer": True,
                "from_whom": "Keller Lifts and Doors",
            },
        ),
        Matter(
            "Translation of the catalogue",
            "Into Polish and Portuguese, 64 pages.",
            {"amount": "{amount}", "cost_centre": "{n}220"},
        ),
        Matter(
            "Coffee for three offices",
            "The contract ends in spring.",
            {"amount": "{amount}", "cost_centre": "{n}310"},
        ),
        Matter(
            "Monitors, thirty of them",
            "One model for all.",
            {"amount": "{big}", "cost_centre": "{n}100"},
        ),
    ),
    talk=(
        ("Must it be this maker, or only do the same?", "The same is enough."),
        ("Would two weeks later do? It is a fifth cheaper then.", "Yes, no hurry."),
        ("Who signs when it arrives?", "{colleague}."),
    ),
    notes=(
        "Three offers asked for.",
        "Second offer is the best, if they keep the date.",
        "Framework with them ends this year.",
    ),
    holds=(
        ("{vendor}", "Ordered. They deliver within two weeks and I keep an eye on it."),
        ("{vendor}", "I have asked them for a better price."),
    ),
    done=(
        "It has arrived and is with you.",
        "Ordered from {vendor}, for less than you thought. They deliver next week.",
        "Bought; the invoice comes to us and needs nothing from you.",
    ),
    again=("Two of them are missing in the box.",),
    declines=(
        "We have a framework with another maker for this. Please choose from their list; I help with it.",
    ),
)

SUPPLIER = Offer(
    department="procurement",
    slug="new-supplier",
    name="A new supplier",
    team="Buying",
    summary="We check them and open an account, so that you can order.",
    category="buying",
    icon="store",
    share=0.9,
    weights=SMALL,
    clients={"marketing": 1.5, "design": 1.6, "procurement": 0.0},
    gets=("An account in the ledger", "A check of who they are"),
    needs=("Name, country and what they sell",),
    fields=(
        short("what", "Who is it?"),
        short("country", "In which country?"),
        choice("sells", "What do they sell?", "Goods", "Work", "Rights"),
        number("per_year", "About how much in a year, in euro?"),
        yes_no("freelancer", "Is it one person alone?", shown_when=["sells", "Work"]),
        DETAILS,
    ),
    matters=(
        Matter(
            "{vendor}, for hinges",
            "Their samples were the best.",
            {"country": "{country}", "sells": "Goods", "per_year": "{big}"},
        ),
        Matter(
            "A photographer in {city}",
            "She did the pictures for {campaign}.",
            {"country": "{country}", "sells": "Work", "freelancer": True, "per_year": "{amount}"},
        ),
        Matter(
            "Bakery for the visitors",
            "Round the corner from the office in {city}.",
            {"country": "{country}", "sells": "Goods", "per_year": "{amount}"},
        ),
        Matter(
            "Type foundry, one typeface",
            "For the new signs.",
            {"country": "{country}", "sells": "Rights", "per_year": "{amount}"},
        ),
        Matter(
            "{vendor} has a new name",
            "Same people, other letterhead.",
            {"country": "{country}", "sells": "Goods", "per_year": "{amount}"},
        ),
    ),
    talk=(
        ("Do you have their tax number?", "It is on the offer, at the bottom."),
        ("Are they related to anyone here? I have to ask.", "No."),
    ),
    notes=("Credit report is fine.",),
    holds=(("{vendor}", "They have to fill in our form. Reminded them."),),
    held=0.16,
    done=("The account is open; you can order.", "Checked and entered. Payment in 30 days."),
    again=("Finance says that the account is locked.",),
    declines=("They are on the list of those we do not buy from. I tell you why by phone.",),
)

PROCUREMENT_GENERAL = Offer(
    department="procurement",
    slug="general-request",
    name="General request",
    team="Buying",
    summary="Anything about buying that fits nowhere else.",
    category="buying",
    icon="handshake",
    share=0.3,
    is_general=True,
    sends_on=0.2,
    fields=(WHAT, long("details", "Tell us more", required=True)),
    matters=(
        Matter(
            "{vendor} is late again",
            "The third time this year.",
            done=("I spoke with them: they take ten per cent off and deliver on Friday.",),
        ),
        Matter(
            "What do we pay for paper?",
            "To compare with an offer I got.",
            done=("3.10 a pack. Yours is dearer.",),
        ),
        Matter(
            "Rules for gifts from suppliers",
            "A hamper stands on my desk.",
            done=("Share it with everyone and write it in the list. Thank you for asking.",),
        ),
        Matter(
            "End the contract with {vendor}",
            "By the end of the year if we can.",
            done=("Given notice in time; they have confirmed.",),
        ),
    ),
    talk=(("Since when?", "Since summer."),),
    done=("Done.",),
)

OFFERS = (BUY, SUPPLIER, PROCUREMENT_GENERAL)
