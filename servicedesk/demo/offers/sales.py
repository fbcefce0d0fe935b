"""What Sales offers."""

from __future__ import annotations

from servicedesk.demo.offers.shape import (
    DETAILS,
    USUAL,
    WHAT,
    Matter,
    Offer,
    choice,
    long,
    short,
)

ORDERS = Offer(
    department="sales",
    slug="order-question",
    name="Question about an order or customer",
    team="Sales operations",
    summary="Where it stands, what was agreed, who looks after them.",
    category="other",
    icon="search-check",
    share=1.5,
    weights=USUAL,
    clients={"finance": 2.8, "legal": 1.4, "marketing": 1.3, "facilities": 1.2, "sales": 0.0},
    quick=True,
    gets=("An answer from whoever knows the customer",),
    needs=("A name or a number",),
    fields=(
        WHAT,
        short("customer", "Which customer?"),
        short("order", "Number of the order", required=False),
        choice(
            "kind",
            "What do you want to know?",
            "Where it stands",
            "What was agreed",
            "Who looks after them",
            "Something else",
        ),
        DETAILS,
    ),
    matters=(
        Matter(
            "{customer} paid twice",
            "To whom may I write?",
            {"customer": "{customer}", "kind": "Who looks after them"},
        ),
        Matter(
            "Discount of {customer}",
            "The invoice says 12, the order 15.",
            {"customer": "{customer}", "order": "O-{n}5512", "kind": "What was agreed"},
        ),
        Matter(
            "When does {customer} get the tables?",
            "Their architect called the front desk.",
            {"customer": "{customer}", "order": "O-{n}1170", "kind": "Where it stands"},
        ),
        Matter(
            "May we name {customer} in the brochure?",
            "With a picture of the lobby.",
            {"customer": "{customer}", "kind": "Something else"},
        ),
        Matter(
            "Address for the invoice to {customer}",
            "It came back by post.",
            {"customer": "{customer}", "kind": "What was agreed"},
        ),
        Matter(
            "Who signed for {customer}?",
            "The name on the contract cannot be read.",
            {"customer": "{customer}", "kind": "What was agreed"},
        ),
    ),
    talk=(("Which of their houses is it, the one in {city}?", "Yes, that one."),),
    notes=("Asked {colleague_first}, who sold it.",),
    holds=(("{customer}", "I asked them and they call back."),),
    done=(
        "{colleague} looks after them and knows that you call.",
        "15 was agreed; the mail is in the folder of the order.",
        "It leaves the workshop on Thursday.",
        "They say yes, and are glad to be asked.",
    ),
    again=("They say that it was something else.",),
)

SALES_GENERAL = Offer(
    department="sales",
    slug="general-request",
    name="General request",
    team="Sales operations",
    summary="Anything about customers that fits nowhere else.",
    category="other",
    icon="handshake",
    share=0.3,
    is_general=True,
    sends_on=0.2,
    fields=(WHAT, long("details", "Tell us more", required=True)),
    matters=(
        Matter(
            "Samples for the photo studio",
            "Two of each of the new colours.",
            done=("A box is on its way to you.",),
        ),
        Matter(
            "Visit to a customer with the designers",
            "They would like to see how it is used.",
            done=("{customer} expects four of you next Tuesday.",),
        ),
        Matter(
            "Numbers of complaints by model",
            "For the new drawings.",
            done=("The table is in your mail. It is the hinge.",),
        ),
        Matter(
            "A customer stands in the lobby in {city}",
            "He says that he is expected.",
            done=("{colleague_first} fetched him. Thank you for the coffee.",),
        ),
    ),
    talk=(("For how many people?", "For {n}."),),
    done=("Done.",),
)

OFFERS = (ORDERS, SALES_GENERAL)
