"""What People offers."""

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
    department,
    long,
    number,
    person,
    short,
    yes_no,
)

NEW_COLLEAGUE = Offer(
    department="people",
    slug="new-colleague",
    name="A new colleague starts",
    team="People desk",
    summary="Contract, papers, first day: so that someone is expected when they come.",
    category="people",
    icon="user-plus",
    share=1.1,
    weights=USUAL,
    held=0.1,
    gets=("A contract to sign", "A plan for the first week", "Everyone told who has to know"),
    needs=("Name, start and place", "Who meets them on the first day"),
    fields=(
        short("what", "Who starts?"),
        day("starts", "First day", required=True),
        department("where", "In which department?"),
        choice("office", "In which office?", "Dublin", "Lisbon", "Kraków"),
        person("buddy", "Who meets them on the first day?"),
        yes_no("for_a_while", "For a limited time?"),
        day("until", "Until when?", required=True, shown_when=["for_a_while", "yes"]),
        DETAILS,
    ),
    matters=(
        Matter(
            "{newcomer} starts in {city}",
            "The usual papers. She comes from abroad, so there may be more to do.",
            {"office": "{city}"},
        ),
        Matter(
            "Two students for the summer, {newcomer} first",
            "They stay for three months and share a desk.",
            {"for_a_while": True, "office": "{city}"},
        ),
        Matter(
            "{newcomer} comes back from parental leave",
            "Four days a week at first.",
            {"office": "{city}"},
        ),
        Matter(
            "Freelancer {newcomer} for {campaign}",
            "Until the fair is over.",
            {"for_a_while": True, "office": "{city}"},
        ),
        Matter(
            "{newcomer} joins a week earlier",
            "Her old company let her go sooner. Can we manage?",
            {"office": "{city}"},
        ),
    ),
    talk=(
        ("Which title shall stand in the contract?", "The same as {colleague} has."),
        ("Does {colleague_first} know about being the one who meets them?", "Yes, we spoke."),
        ("Full time from the first day?", "Yes."),
    ),
    notes=(
        "Papers from the last employer are missing, asked for them.",
        "Contract follows template 3 of {city}.",
    ),
    holds=(
        (
            "the residence office in {city}",
            "We wait for the residence papers. They said within ten days.",
        ),
    ),
    done=(
        "All signed. The plan for the first week is in your calendar.",
        "Everything is ready for the first day; IT and Facilities know.",
        "The papers are back, signed by both.",
    ),
    again=("The contract names the wrong office.",),
)

TRAVEL = Offer(
    department="people",
    slug="travel",
    name="Travel",
    team="People desk",
    summary="Trains, flights and rooms, agreed and booked.",
    category="people",
    icon="plane",
    share=1.7,
    weights=USUAL,
    approvals=0.85,
    asks=0.18,
    clients={"sales": 1.6, "marketing": 1.4},
    gets=("Seats and a room in your name", "One page with all of it"),
    needs=("From where to where, and when", "Your head's yes"),
    fields=(
        short("what", "Where to, and why?"),
        day("leaves", "Leaving on", required=True),
        day("returns", "Back on", required=True),
        choice("how", "How?", "Train", "Flight", "Car"),
        yes_no("room", "Do you need a room?"),
        number("nights", "For how many nights?", required=True, shown_when=["room", "yes"]),
        DETAILS,
    ),
    matters=(
        Matter(
            "Travel to {city}, planning week", "With the whole team. A window seat if there is one."
        ),
        Matter(
            "Two days with {customer}",
            "They want to see the samples before they order.",
            {"room": True},
        ),
        Matter(
            "Fair in Kraków",
            "I look after the stand from morning to evening.",
            {"room": True, "how": "Flight"},
        ),
        Matter(
            "Day trip to the workshop",
            "There and back on one day.",
            {"room": False, "how": "Train"},
        ),
        Matter(
            "Conference in Porto",
            "I speak on the second day; the entrance is paid for.",
            {"room": True, "how": "Train"},
        ),
        Matter(
            "Visit to the supplier in Gdynia",
            "With {colleague}, we share a car from the station.",
            {"room": True},
        ),
    ),
    talk=(
        ("Would the early train do? It saves a night.", "Gladly, I am an early bird."),
        ("Shall I book you near the fair or near the station?", "Near the fair, please."),
    ),
    notes=("Group fare possible from six people on; three more asked for the same days.",),
    holds=(("Compass Travel", "The agency holds the seats and confirms tomorrow."),),
    done=(
        "Booked. You find everything on one page in your mail.",
        "Seats and room are in your name. Have a good journey!",
        "Train both ways and two nights near the fair; the invoice comes to us.",
    ),
    again=("The way back is on the wrong day.",),
    declines=(
        "The travel budget of your department is used up until the new year. {colleague} can make an exception.",
    ),
)

LEAVE = Offer(
    department="people",
    slug="leave",
    name="Leave and absence",
    team="People desk",
    summary="Holidays, parental leave, a sabbatical: what you may take and how.",
    category="people",
    icon="calendar-days",
    share=1.2,
    weights=SMALL,
    quick=True,
    gets=("Days in your account", "A letter, where you need one"),
    needs=("From when to when",),
    fields=(
        short("what", "What is it about?"),
        choice(
            "kind",
            "Which kind?",
            "Holiday",
            "Parental leave",
            "Care for someone",
            "Sabbatical",
            "A question",
        ),
        day("begins", "From", required=False),
        day("ends", "Until", required=False),
        person(
            "stands_in", "Who stands in for you?", required=False, shown_when=["kind", "Sabbatical"]
        ),
        DETAILS,
    ),
    matters=(
        Matter(
            "How many days are left from last year?",
            "The page shows two numbers.",
            {"kind": "A question"},
            done=("Four, until the end of March. The other number is this year's.",),
        ),
        Matter(
            "Parental leave from spring",
            "We expect our second child in April.",
            {"kind": "Parental leave"},
            done=(
                "All papers are in your folder, and your days are noted. All the best to you three!",
            ),
        ),
        Matter("A day for moving house", "We move within {city}.", {"kind": "Holiday"}),
        Matter(
            "Care for my father",
            "For about two weeks, perhaps longer.",
            {"kind": "Care for someone"},
        ),
        Matter(
            "Three months off next year",
            "I would like to sail. My head knows.",
            {"kind": "Sabbatical"},
        ),
        Matter(
            "Holiday that is missing in my account",
            "I took it back, but the days did not return.",
            {"kind": "Holiday"},
            done=("You are right, the days are back in your account.",),
        ),
    ),
    talk=(("From which day on?", "From the first Monday of next month."),),
    notes=("Counted again by hand: the system forgot the bank holiday.",),
    done=(
        "It is noted, and your head knows.",
        "The days are in your account.",
        "A letter for you is in your folder.",
    ),
    again=("The page still shows the old number.",),
    held=0.02,
)

PAY = Offer(
    department="people",
    slug="pay",
    name="Question about your pay",
    team="Pay and contracts",
    summary="Only you and the pay team read this.",
    category="people",
    icon="banknote",
    share=1.2,
    restricted=True,
    weights=SMALL,
    sends_on=0.0,
    gets=("A straight answer", "A corrected slip, if it was wrong"),
    needs=("Which month",),
    fields=(
        WHAT,
        choice(
            "kind",
            "What is it?",
            "My slip looks wrong",
            "Tax or insurance",
            "A certificate",
            "Something else",
        ),
        short("month", "Which month?", shown_when=["kind", "My slip looks wrong"]),
        long("details", "Tell us more", required=True),
    ),
    matters=(
        Matter(
            "Overtime is missing on my slip",
            "Nine hours for the stocktaking.",
            {"kind": "My slip looks wrong", "month": "{month}"},
        ),
        Matter(
            "Which tax class do I have after the wedding?",
            "We married in {city} in June.",
            {"kind": "Tax or insurance"},
        ),
        Matter(
            "Certificate of earnings for the bank",
            "They want the last twelve months.",
            {"kind": "A certificate"},
            done=("The certificate is in your folder, signed.",),
        ),
        Matter(
            "Travel allowance paid twice",
            "I would rather say it now.",
            {"kind": "My slip looks wrong", "month": "{month}"},
            done=("Thank you for saying so. We take it off next month's slip.",),
        ),
        Matter(
            "Pension: what if I move to {city}?",
            "It may happen next year.",
            {"kind": "Something else"},
        ),
    ),
    talk=(("Could you send me the number at the top of the slip?", "It is {n}0231."),),
    notes=("Checked with the payroll office.",),
    holds=(("Payline", "The payroll office has to run it again. They do so on Thursdays."),),
    done=(
        "You are right. The difference comes with the next slip.",
        "I looked at it line by line: it is correct, and I have written down why in your folder.",
        "The papers are in your folder.",
    ),
    again=("The new slip has the same mistake.",),
)

CONFIDENCE = Offer(
    department="people",
    slug="in-confidence",
    name="Talk in confidence",
    team="Pay and contracts",
    summary="About your work, your health or someone else's behaviour. It stays with us.",
    category="people",
    icon="heart-handshake",
    share=0.35,
    restricted=True,
    weights=USUAL,
    subject_field="what",
    sends_on=0.0,
    held=0.0,
    asks=0.1,
    gets=("A conversation with someone you choose", "Nothing is done without you"),
    needs=("As much or as little as you like",),
    fields=(
        short("what", "A word for it", "Only to tell your requests apart."),
        choice(
            "whom",
            "With whom would you like to talk?",
            "Anyone",
            "A woman",
            "A man",
            "Someone in another office",
        ),
        choice("how", "How?", "In person", "By phone", "In writing"),
        DETAILS,
    ),
    matters=(
        Matter("A conversation", "I would rather tell you in person."),
        Matter("Something in my team", "It has gone on for a while."),
        Matter("Working less for a time", "The doctor thinks so too."),
        Matter("A talk about what comes next", "I am not unhappy, only unsure."),
    ),
    talk=(("Would tomorrow at four suit you, outside the office?", "Yes, thank you."),),
    done=(
        "Thank you for your trust. You know where to find me.",
        "As we agreed in our talk. I ask again in a month.",
    ),
    notes=("Spoke for an hour.",),
)

PEOPLE_GENERAL = Offer(
    department="people",
    slug="general-request",
    name="General request",
    team="People desk",
    summary="Anything about working here that fits nowhere else.",
    category="people",
    icon="users",
    share=0.5,
    is_general=True,
    sends_on=0.2,
    fields=(WHAT, long("details", "Tell us more", required=True)),
    matters=(
        Matter(
            "Letter for the nursery",
            "They want to know how much I work.",
            done=("The letter is in your folder.",),
        ),
        Matter(
            "New name after the wedding",
            "From now on I am on all lists under the new one, I hope.",
            done=("Changed everywhere; IT gives you the new address.",),
        ),
        Matter(
            "Language course in Polish",
            "{n} of us would come, after work.",
            done=("It begins next month, Tuesdays at five. All of you are on the list.",),
        ),
        Matter(
            "Who is our first aider on {floor}?",
            "The list in the kitchen is old.",
            done=("{colleague}. A new list hangs in the kitchen.",),
        ),
        Matter(
            "Present for {colleague_first}'s ten years",
            "Is there a budget for it?",
            done=("There is: 50 from us. Buy it and send the slip to Finance.",),
        ),
    ),
    done=("Done; tell me if it is not what you meant.",),
    talk=(("Until when do you need it?", "By Friday, if you can."),),
)

OFFERS = (NEW_COLLEAGUE, TRAVEL, LEAVE, PAY, CONFIDENCE, PEOPLE_GENERAL)
