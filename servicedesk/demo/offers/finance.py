"""What Finance offers."""

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
    department,
    long,
    number,
    short,
    yes_no,
)

EXPENSES = Offer(
    department="finance",
    slug="expenses",
    name="Expenses",
    team="Payables",
    summary="You paid for us. We pay you back.",
    category="money",
    icon="receipt",
    share=2.2,
    weights=SMALL,
    clients={"sales": 1.7, "marketing": 1.3, "finance": 0.1},
    gets=("Your money, with the next run", "A word on each line we could not take"),
    needs=("Every slip", "The cost centre"),
    fields=(
        short("what", "What was it for?"),
        number("amount", "How much, in euro?", required=True),
        choice(
            "kind", "Which kind?", "Travel", "Meal with a customer", "Equipment", "Something else"
        ),
        short("customer", "Which customer?", shown_when=["kind", "Meal with a customer"]),
        day("paid_on", "Paid on", required=True),
        yes_no("slips", "Do you have all slips?"),
        DETAILS,
    ),
    matters=(
        Matter(
            "Trip to {city}, three days",
            "Train, two nights, and a taxi on the last evening.",
            {"kind": "Travel", "amount": "{amount}"},
        ),
        Matter(
            "Dinner with {customer}",
            "Four of us, after the contract.",
            {"kind": "Meal with a customer", "customer": "{customer}", "amount": "{amount}"},
        ),
        Matter(
            "Parking for a month",
            "The garage was closed.",
            {"kind": "Travel", "amount": "{amount}"},
        ),
        Matter(
            "Books about wood",
            "Three, for all of us on {floor}.",
            {"kind": "Something else", "amount": "{amount}"},
        ),
        Matter(
            "Cable bought at the airport",
            "Mine had stayed in the hotel.",
            {"kind": "Equipment", "amount": "19.90"},
        ),
        Matter(
            "Fuel for the fair",
            "The van, there and back.",
            {"kind": "Travel", "amount": "{amount}"},
        ),
        Matter(
            "Flowers for the stand",
            "Every second day.",
            {"kind": "Something else", "amount": "{amount}"},
        ),
    ),
    talk=(
        (
            "The slip of the taxi is missing. Do you have it?",
            "Found it in my coat, it is attached to my mail.",
        ),
        ("Which cost centre shall carry it?", "{n}210, please."),
        ("Was the breakfast part of the room? Then I have to take it off.", "It was, yes."),
    ),
    notes=(
        "Slips complete.",
        "Above the limit for meals by four euro, let through.",
        "Entered for the run on Thursday.",
    ),
    done=(
        "Entered. It comes with the run on Thursday.",
        "All lines taken; the money is on its way.",
        "Paid, except for the breakfast, which was part of the room.",
    ),
    again=("The amount is lower than what I sent.", "Nothing has arrived yet, and it is ten days."),
    declines=("A fine for parking cannot be paid back, I am sorry.",),
    asks=0.32,
    held=0.02,
)

INVOICE = Offer(
    department="finance",
    slug="invoice",
    name="Pay an invoice",
    team="Payables",
    summary="A supplier wants to be paid. We check and pay.",
    category="money",
    icon="file-text",
    share=2.3,
    weights=USUAL,
    clients={"procurement": 3.0, "facilities": 1.8, "marketing": 1.5, "finance": 0.1},
    gets=("The invoice paid on its day", "A question, if something does not fit"),
    needs=("The order it belongs to", "That you got what was ordered"),
    fields=(
        short("what", "Whose invoice, for what?"),
        short("number", "Number of the invoice"),
        number("amount", "How much, in euro?", required=True),
        yes_no("ordered", "Is there an order?"),
        short("order", "Number of the order", required=True, shown_when=["ordered", "yes"]),
        day("due", "To be paid by", required=True),
        DETAILS,
    ),
    matters=(
        Matter(
            "Invoice of {vendor}",
            "All has arrived and is as we ordered it.",
            {"number": "{n}0{n}7-26", "order": "PO-{n}38", "amount": "{amount}"},
        ),
        Matter(
            "{vendor} sends a second reminder",
            "They say that nothing came since summer.",
            {"number": "{n}1904", "order": "PO-{n}12", "amount": "{amount}"},
        ),
        Matter(
            "Deposit for the stand at the fair",
            "Half now, half afterwards.",
            {"number": "F-{n}210", "order": "PO-{n}77", "amount": "{amount}"},
        ),
        Matter(
            "Printing of the catalogue",
            "The boxes are here, I counted them.",
            {"number": "K{n}551", "order": "PO-{n}90", "amount": "{amount}"},
        ),
        Matter(
            "Rent of the store in {city}",
            "As every quarter.",
            {"number": "R-{n}4", "amount": "{amount}", "ordered": False},
        ),
        Matter(
            "Invoice without our address",
            "They have to write it again, have they not?",
            {"number": "{n}3320", "amount": "{amount}", "order": "PO-{n}05"},
        ),
    ),
    talk=(
        (
            "The invoice names another sum than the order. Which one is right?",
            "The invoice; they added two boxes and told me.",
        ),
        ("Has all of it arrived?", "Yes, I signed for it."),
        (
            "I find no order with that number. Could it be another?",
            "Sorry, two figures the wrong way round. I have put it right.",
        ),
    ),
    notes=(
        "Tax number checked.",
        "Waits for the run of the month's end.",
        "Second invoice with the same number last year; not the same one.",
    ),
    holds=(("{vendor}", "They have to send a corrected invoice. Told them what is missing."),),
    held=0.12,
    done=(
        "Paid today.",
        "Checked and in the next run; they have it on Friday.",
        "Paid, and they have said that they got it.",
    ),
    again=("{vendor} says that it has not arrived.",),
    declines=("This is no invoice but an offer. Please order first, then it can be paid.",),
)

CREDIT = Offer(
    department="finance",
    slug="credit-note",
    name="Credit note for a customer",
    team="Payables",
    summary="Something came back or was wrong: the customer gets their money.",
    category="money",
    icon="file-check",
    share=1.1,
    weights=USUAL,
    audience=("sales", "marketing", "finance"),
    gets=("A credit note by mail to the customer",),
    needs=("Order and reason",),
    fields=(
        short("what", "Which customer, what for?"),
        short("order", "Number of the order"),
        number("amount", "How much, in euro?", required=True),
        choice("why", "Why?", "Returned", "Damaged", "Wrong price", "Goodwill"),
        long("goodwill", "Who has agreed to it?", required=True, shown_when=["why", "Goodwill"]),
        DETAILS,
    ),
    matters=(
        Matter(
            "Credit note for a returned order, {customer}",
            "Six chairs came back, all in order.",
            {"order": "O-{n}4410", "amount": "{amount}", "why": "Returned"},
        ),
        Matter(
            "{customer}: one table arrived broken",
            "There are pictures.",
            {"order": "O-{n}0917", "amount": "{amount}", "why": "Damaged"},
        ),
        Matter(
            "Old price on the invoice to {customer}",
            "The new list holds since the first of the month.",
            {"order": "O-{n}2206", "amount": "{amount}", "why": "Wrong price"},
        ),
        Matter(
            "Ten per cent for {customer}",
            "They waited three weeks longer than we said.",
            {
                "order": "O-{n}3101",
                "amount": "{amount}",
                "why": "Goodwill",
                "goodwill": "{head} agreed on Monday.",
            },
        ),
    ),
    talk=(
        ("Has the store confirmed that they are back?", "Yes, on Tuesday."),
        ("With or without the freight?", "Without."),
    ),
    notes=("Return slip seen.",),
    done=(
        "The credit note has gone to the customer.",
        "Done; it stands against their next invoice, as they wished.",
    ),
    again=("They got it with the old address.",),
)

BUDGET = Offer(
    department="finance",
    slug="budget",
    name="Budget and figures",
    team="Budgets and books",
    summary="What is left, where it went, and moving it.",
    category="money",
    icon="calculator",
    share=1.0,
    weights=SMALL,
    gets=("Your figures, explained", "Money moved, once it is agreed"),
    needs=("Your cost centre",),
    fields=(
        WHAT,
        short("cost_centre", "Cost centre"),
        choice(
            "kind", "What do you want?", "Know what is left", "Move money", "A mistake in the books"
        ),
        department("to", "To which department?", shown_when=["kind", "Move money"]),
        number("amount", "How much, in euro?", required=False, shown_when=["kind", "Move money"]),
        DETAILS,
    ),
    matters=(
        Matter(
            "What is left for {campaign}?",
            "Before we order the prints.",
            {"cost_centre": "{n}210", "kind": "Know what is left"},
            done=("11,240 after all that is ordered. The table is in your folder.",),
        ),
        Matter(
            "Move money from travel to training",
            "Nobody flies this quarter.",
            {"cost_centre": "{n}130", "kind": "Move money"},
        ),
        Matter(
            "Someone else's invoice on our cost centre",
            "We never bought a boat.",
            {"cost_centre": "{n}340", "kind": "A mistake in the books"},
            done=("It was a figure too many. The boat is off your books.",),
        ),
        Matter(
            "Figures for the quarterly review",
            "By month, as last time.",
            {"cost_centre": "{n}200", "kind": "Know what is left"},
        ),
        Matter(
            "Is the new machine an investment?",
            "It costs just above the line.",
            {"cost_centre": "{n}410", "kind": "Know what is left"},
            done=("Yes, over five years. I have noted it so.",),
        ),
    ),
    talk=(("For this year only, or also for next?", "This year only."),),
    notes=("Compared with the ledger line by line.",),
    done=(
        "The table is in your folder.",
        "Moved, both of you get a note.",
        "Corrected in this month's books.",
    ),
    again=("The sum at the bottom is not the sum of the lines.",),
    held=0.0,
)

FINANCE_GENERAL = Offer(
    department="finance",
    slug="general-request",
    name="General request",
    team="Payables",
    summary="Anything about money that fits nowhere else.",
    category="money",
    icon="landmark",
    share=0.4,
    is_general=True,
    sends_on=0.2,
    fields=(WHAT, long("details", "Tell us more", required=True)),
    matters=(
        Matter(
            "Company card for {colleague_first}",
            "For the fair only.",
            done=("It is in the safe at the front desk, with a limit of 2,000.",),
        ),
        Matter(
            "Proof of our tax number",
            "{customer} asks for it.",
            done=("The paper is in your mail.",),
        ),
        Matter(
            "Cash for the stand",
            "200 in small coins.",
            done=("It waits for you; please sign for it.",),
        ),
        Matter(
            "How do I book a gift?",
            "A basket for {customer}, 60 euro.",
            done=("Under 50 it is simple; yours needs the tax form. I have filled it in for you.",),
        ),
    ),
    talk=(("By when?", "By Thursday."),),
    done=("Done.",),
)

OFFERS = (EXPENSES, INVOICE, CREDIT, BUDGET, FINANCE_GENERAL)
