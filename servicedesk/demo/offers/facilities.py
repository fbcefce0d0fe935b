"""What Facilities offers."""

# ruff: noqa: E501  a text stands on one line

from __future__ import annotations

from servicedesk.demo.offers.shape import (
    DETAILS,
    USUAL,
    WHAT,
    Matter,
    Offer,
    choice,
    choices,
    day,
    long,
    number,
    person,
    short,
    yes_no,
)

BROKEN = Offer(
    department="facilities",
    slug="broken",
    name="Desk, door, room: something is broken",
    team="Buildings",
    summary="Light, heat, water, furniture: we repair it.",
    category="workplace",
    icon="lightbulb",
    share=3.0,
    weights=USUAL,
    held=0.16,
    clients={"finance": 1.9, "design": 2.6, "marketing": 1.2},
    gets=("Someone who comes and looks", "A repair, or a date for it"),
    needs=("Where exactly it is",),
    fields=(
        WHAT,
        choice("office", "Which office?", "Dublin", "Lisbon", "Kraków"),
        short("place", "Where exactly?"),
        yes_no("danger", "Could someone get hurt?"),
        long("danger_what", "What could happen?", required=True, shown_when=["danger", "yes"]),
        DETAILS,
    ),
    matters=(
        Matter(
            "Heating in room {room} does not go off",
            "We sit there with open windows.",
            {"place": "Room {room}", "danger": False},
        ),
        Matter(
            "Light over my desk flickers",
            "It gives two of us a headache.",
            {"place": "{floor}, by the window", "danger": False},
        ),
        Matter(
            "Tap in the kitchen drips",
            "There is a cup under it, and the cup is full by noon.",
            {"place": "Kitchen, {floor}", "danger": False},
        ),
        Matter(
            "Door to {floor} does not close",
            "It stays open a hand's breadth, at night too.",
            {"place": "{floor}", "danger": False},
        ),
        Matter(
            "Chair has lost a wheel",
            "I noticed it in time.",
            {
                "place": "{floor}, third desk",
                "danger": True,
                "danger_what": "Whoever sits down on it may fall.",
            },
        ),
        Matter(
            "Blind in room {room} is stuck",
            "From two o'clock on nobody sees the screen.",
            {"place": "Room {room}", "danger": False},
        ),
        Matter(
            "Projector lamp in room {room}",
            "It is yellow, then it goes out.",
            {"place": "Room {room}", "danger": False},
        ),
        Matter(
            "Stain on the ceiling, growing",
            "It rained all weekend.",
            {
                "place": "{floor}, above the printer",
                "danger": True,
                "danger_what": "Water close to the printer's plug.",
            },
        ),
        Matter(
            "Desk that no longer goes up",
            "It hums and stays where it is.",
            {"place": "{floor}", "danger": False},
        ),
        Matter(
            "Draught at the window desks",
            "We work in coats.",
            {"place": "{floor}, window side", "danger": False},
        ),
        Matter(
            "Coffee machine asks for help",
            "It says so, in three languages.",
            {"place": "Kitchen, {floor}", "danger": False},
        ),
    ),
    talk=(
        ("Is it the left one or the right one, seen from the door?", "The left one."),
        ("Can we come in tomorrow before nine?", "Yes, nobody is there then."),
        ("Does it happen all day or only in the morning?", "Only in the morning."),
    ),
    notes=(
        "Same window as last winter. The frame has to go.",
        "Part is in the cellar in {city}.",
        "Told the landlord.",
    ),
    holds=(
        ("Keller Lifts and Doors", "Their fitter has to come; they named a day next week."),
        ("Landlord", "This is the landlord's to repair. They have been told and send someone."),
        ("Lumen Electric", "We ordered the part. It takes about a week."),
    ),
    done=(
        "Repaired this morning. Please tell us if it comes back.",
        "The part is changed and it works.",
        "Done. I also looked at the one beside it.",
        "We put in a new one; the old one was past mending.",
    ),
    again=(
        "It lasted one day.",
        "Better, but not good: it still sticks.",
        "Nobody came, I think. It is as it was.",
    ),
    declines=(
        "Electric heaters of one's own are not allowed here, because of fire. We look at the radiator instead.",
    ),
    reopened=0.07,
)

DOORS = Offer(
    department="facilities",
    slug="door-access",
    name="Door access",
    team="Front desk",
    summary="A card for the doors you need to go through.",
    category="workplace",
    icon="door-open",
    share=1.5,
    weights=USUAL,
    asks=0.18,
    clients={"design": 1.5, "finance": 1.3},
    gets=("A card, or new doors on the one you have",),
    needs=("Which doors and until when",),
    fields=(
        WHAT,
        person("for_whom", "For whom?"),
        choices(
            "doors",
            "Which doors?",
            "Main entrance",
            "Garage",
            "Server room",
            "Studio",
            "Archive",
            required=True,
        ),
        long(
            "why_server",
            "What do you do in the server room?",
            required=True,
            shown_when=["doors", "Server room"],
        ),
        day("until", "Until when?", "Empty: as long as you work here."),
    ),
    matters=(
        Matter("Card for {colleague}", "", {"doors": ["Main entrance"]}),
        Matter("Garage, from next month", "", {"doors": ["Garage"]}),
        Matter(
            "Badge reader for the new server room",
            "",
            {"doors": ["Server room"], "why_server": "We look after the machines for {city}."},
        ),
        Matter(
            "My card opens nothing since this morning",
            "",
            {"doors": ["Main entrance", "Studio"]},
            done=("It had run out at midnight. It is good for two more years now.",),
        ),
        Matter("Archive for two days", "", {"doors": ["Archive"]}),
        Matter(
            "Lost card, please lock it",
            "",
            {"doors": ["Main entrance"]},
            done=("Locked. The new one is at the front desk; bring something with your picture.",),
        ),
        Matter("Weekend access for the film crew", "", {"doors": ["Main entrance", "Studio"]}),
    ),
    talk=(
        ("On weekends as well?", "No, weekdays are enough."),
        ("Does {colleague} know that you share the archive?", "Yes."),
    ),
    notes=("Old card handed in.",),
    done=(
        "Your card opens these doors from now on.",
        "The card is at the front desk in {city}.",
        "Set, with an end date.",
    ),
    again=("The garage still says no.",),
    declines=(
        "Only two people have a key to the archive, for the insurance. Ask {colleague_first}, who goes in with you.",
    ),
    held=0.03,
)

ROOMS = Offer(
    department="facilities",
    slug="room",
    name="Set up a room, receive visitors",
    team="Front desk",
    summary="Chairs, coffee, name badges: your visitors feel expected.",
    category="workplace",
    icon="presentation",
    share=1.6,
    weights=USUAL,
    clients={"marketing": 1.5, "sales": 1.3, "finance": 1.4, "design": 1.6},
    gets=("A room as you want it", "Coffee at the time you say", "Badges at the front desk"),
    needs=("How many come and when",),
    fields=(
        WHAT,
        day("when", "On which day?", required=True),
        short("room", "Which room?"),
        number("visitors", "How many people?", required=True),
        choices(
            "extras",
            "What shall be there?",
            "Coffee and tea",
            "Lunch",
            "Flip chart",
            "Screen",
            "Name badges",
        ),
        short(
            "food",
            "Anything we should know about the food?",
            required=False,
            shown_when=["extras", "Lunch"],
        ),
        DETAILS,
    ),
    matters=(
        Matter(
            "{customer} visits us, {n} people",
            "They come for the new range. First time in {city}.",
            {"room": "{room}"},
        ),
        Matter(
            "Training day in room {room}", "Tables in groups of four, please.", {"room": "{room}"}
        ),
        Matter(
            "Interviews, a whole morning",
            "A jug of water and a quiet corner to wait.",
            {"room": "{room}"},
        ),
        Matter(
            "Photo shoot in the lobby", "We need it empty from seven to nine.", {"room": "Lobby"}
        ),
        Matter(
            "Board lunch",
            "Two of them eat no meat.",
            {"room": "{room}", "extras": ["Coffee and tea", "Lunch"], "food": "Two without meat"},
        ),
        Matter(
            "Workshop with {city} by video",
            "The screen should stand at the long side.",
            {"room": "{room}"},
        ),
    ),
    talk=(
        (
            "Is the room free that long? I see another booking after eleven.",
            "They have moved, I asked.",
        ),
        ("Shall the coffee come before or in the break?", "In the break, please."),
    ),
    notes=("Caterer knows.",),
    holds=(("Kitchen on the Quay", "The caterer confirms by tomorrow."),),
    done=(
        "All is set up. Badges are at the front desk.",
        "The room is ready, coffee comes at ten.",
        "Done, and cleared up again. I hope it went well.",
    ),
    again=("The flip chart is missing.",),
)

COURIER = Offer(
    department="facilities",
    slug="courier",
    name="Parcels and couriers",
    team="Front desk",
    summary="We send it, fetch it, or find out where it is.",
    category="workplace",
    icon="truck",
    share=1.1,
    weights=USUAL,
    quick=True,
    gets=("A courier at the door", "A number to follow it by"),
    needs=("Address, weight, and what is in it",),
    fields=(
        WHAT,
        choice("way", "What shall happen?", "Send something", "Fetch something", "Find something"),
        short("address", "Address", shown_when=["way", "Send something"]),
        number("kilos", "About how many kilos?"),
        yes_no("fragile", "Does it break easily?"),
        DETAILS,
    ),
    matters=(
        Matter(
            "Samples to {customer}",
            "They should have them by the end of the week.",
            {"way": "Send something", "address": "{customer}, {city}"},
        ),
        Matter(
            "Where is the parcel from {city}?",
            "It left on Monday.",
            {"way": "Find something"},
            done=("It stood at the back door, behind the bins. It is on your desk.",),
        ),
        Matter(
            "Fetch two rolls of fabric from the printer",
            "They close at four.",
            {"way": "Fetch something"},
        ),
        Matter(
            "Stand to the fair, eleven boxes",
            "And back again afterwards.",
            {"way": "Send something", "address": "Trade fair, hall 3, Kraków"},
        ),
        Matter(
            "Signed contract to {customer}, by hand",
            "The original, sadly.",
            {"way": "Send something", "address": "{customer}, {city}"},
        ),
    ),
    talk=(("Is someone there to sign for it in the afternoon?", "Yes, until five."),),
    notes=("Second courier this week to the same place; could go together.",),
    holds=(("Swiftways", "The courier has it at the depot and tries again tomorrow."),),
    done=(
        "On its way; the number to follow it by is in your mail.",
        "Delivered and signed for.",
        "Fetched. It waits for you at the front desk.",
    ),
    again=("It arrived, but one box is missing.",),
)

UNSURE = Offer(
    department="facilities",
    slug="i-dont-know",
    name="I don’t know who does this",
    team="Front desk",
    summary="Tell us in your own words. We find who does it and hand it on.",
    category="other",
    icon="compass",
    share=1.6,
    is_general=True,
    sends_on=0.93,
    asks=0.05,
    held=0.0,
    gets=("The right people, without your having to know them",),
    needs=("What you would like to have happen",),
    fields=(WHAT, long("details", "Tell us in your own words", required=True)),
    matters=(
        Matter(
            "Bees in the courtyard",
            "Many. They live in the wall, I think.",
            done=("A beekeeper came and took them with him. They are well.",),
        ),
        Matter(
            "Who decides about the plants?",
            "The tall one by the lift is not happy.",
            done=("It has moved to the light, and has a name now.",),
        ),
        Matter(
            "A found ring",
            "It lay in room {room}.",
            done=("Its owner has it back and sends you thanks.",),
        ),
    ),
    done=("Settled. Thank you for asking us.",),
)

FACILITIES_GENERAL = Offer(
    department="facilities",
    slug="general-request",
    name="General request",
    team="Front desk",
    summary="Anything about our offices that fits nowhere else.",
    category="workplace",
    icon="building-2",
    share=0.6,
    is_general=True,
    sends_on=0.18,
    fields=(WHAT, long("details", "Tell us more", required=True)),
    matters=(
        Matter(
            "Move {n} desks to {floor}",
            "The team has grown.",
            done=("Moved on Friday after work. Sockets are checked.",),
        ),
        Matter(
            "Bicycle stand is full",
            "From eight o'clock on.",
            done=("Ten more places stand beside the gate.",),
        ),
        Matter(
            "Bin for paper on {floor}",
            "Everything goes into one.",
            done=("There are two now, one blue and one grey.",),
        ),
        Matter(
            "May I bring my dog on Fridays?",
            "She is old and sleeps.",
            done=("On {floor} yes, where nobody minds. Please keep her off the other ones.",),
        ),
        Matter(
            "Quiet place for calls",
            "Three of us talk at once.",
            done=("The small room beside {room} is yours for calls; a sign is on the door.",),
        ),
    ),
    talk=(("How many of you would it be for?", "{n} of us."),),
    done=("Done.",),
    holds=(("Landlord", "The landlord has to agree first."),),
)

OFFERS = (BROKEN, DOORS, ROOMS, COURIER, UNSURE, FACILITIES_GENERAL)
