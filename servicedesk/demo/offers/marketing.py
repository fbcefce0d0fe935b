"""What Marketing offers."""

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
)

WEBSITE = Offer(
    department="marketing",
    slug="website",
    name="A text on the website",
    team="Campaigns",
    summary="New, changed or taken away; in three languages.",
    category="communication",
    icon="newspaper",
    share=1.2,
    weights=USUAL,
    clients={"sales": 1.7, "people": 1.5, "marketing": 0.0},
    gets=("Your text, edited and put in its place",),
    needs=("What it shall say, and who may answer for it",),
    fields=(
        WHAT,
        short("page", "Which page?"),
        choices(
            "languages", "In which languages?", "English", "Portuguese", "Polish", required=True
        ),
        day("online", "Online from"),
        long("details", "What shall it say?", required=True),
    ),
    matters=(
        Matter(
            "Opening hours between the years",
            "Closed from the 24th to the 1st.",
            {"page": "Visit us"},
        ),
        Matter(
            "Job in {city}",
            "The text is from last year, only the name is new.",
            {"page": "Work with us"},
        ),
        Matter(
            "Wrong price on the page of the bench",
            "It is 480, not 408.",
            {"page": "Benches"},
            done=("Right price, all three languages. Thank you for spotting it.",),
        ),
        Matter("Story about {customer}", "They agreed and sent pictures.", {"page": "Stories"}),
        Matter(
            "Old address of {city} in the footer",
            "We moved in spring.",
            {"page": "Every page"},
            done=("Changed on all pages.",),
        ),
        Matter("Care of oiled wood", "Customers ask us each week.", {"page": "Care"}),
    ),
    talk=(
        ("May I shorten it to half?", "Please do."),
        ("Who may answer for the Polish text?", "{colleague}."),
    ),
    notes=("Translation ordered.",),
    holds=(("Lingua Três", "The translators have it until Wednesday."),),
    done=(
        "It is online.",
        "Online in all languages; the old text is kept in case.",
        "Changed. It takes an hour until everyone sees it.",
    ),
    again=("The Polish page still has the old one.",),
)

FAIR = Offer(
    department="marketing",
    slug="fair",
    name="Fairs and events",
    team="Campaigns",
    summary="A stand, a table with brochures, or someone to speak.",
    category="communication",
    icon="megaphone",
    share=0.9,
    weights=USUAL,
    clients={"sales": 2.2, "people": 1.6, "marketing": 0.0},
    gets=("Stand, prints and gifts on the day", "Someone who knows how to set it up"),
    needs=("Where, when, and for how many visitors",),
    fields=(
        WHAT,
        day("begins", "First day", required=True),
        short("where", "Where?"),
        choice("size", "How large?", "A table", "A small stand", "A large stand"),
        person("helper", "Who of you is there?"),
        number("visitors", "How many visitors?"),
        DETAILS,
    ),
    matters=(
        Matter(
            "Job fair at the university in {city}",
            "A table and someone who can talk about the workshop.",
            {"where": "{city}", "size": "A table"},
        ),
        Matter(
            "Evening for architects",
            "About forty, with wine.",
            {"where": "{city}, room {room}", "size": "A small stand"},
        ),
        Matter(
            "Stand for {campaign}",
            "The same as last year, with the new chairs.",
            {"where": "{city}", "size": "A large stand"},
        ),
        Matter(
            "Open day at the workshop",
            "Children too.",
            {"where": "{city}", "size": "A small stand"},
        ),
        Matter(
            "Brochures for {customer}",
            "They put them out in their lobby.",
            {"where": "{city}", "size": "A table"},
            done=("Two hundred are on their way.",),
        ),
    ),
    talk=(("Do you bring your own screen?", "No, please one of yours."),),
    notes=("Banner has a stain, new one ordered from Design.",),
    holds=(("Fair office", "The organisers assign the places next week."),),
    done=(
        "All is packed and on its way. {colleague} meets you there.",
        "Set up; pictures are in the folder.",
        "Booked, with a good corner.",
    ),
    again=("The prints are from last year.",),
)

MARKETING_GENERAL = Offer(
    department="marketing",
    slug="general-request",
    name="General request",
    team="Campaigns",
    summary="Anything about how we speak to the world.",
    category="communication",
    icon="mic",
    share=0.3,
    is_general=True,
    sends_on=0.2,
    fields=(WHAT, long("details", "Tell us more", required=True)),
    matters=(
        Matter(
            "A newspaper calls",
            "They ask about the workshop in {city}.",
            done=("I called them back. It appears on Saturday.",),
        ),
        Matter(
            "Our logo for {customer}",
            "As a drawing, not as a picture.",
            done=("It is in the folder for partners, in three sizes.",),
        ),
        Matter(
            "Words for a toast",
            "{colleague_first} has been here for twenty years.",
            done=("Ten lines and one joke are in your mail.",),
        ),
        Matter(
            "Can we use the song from the film?",
            "In the shop.",
            done=("Only until summer, then the licence ends.",),
        ),
    ),
    talk=(("For when?", "For next Friday."),),
    done=("Done.",),
)

OFFERS = (WEBSITE, FAIR, MARKETING_GENERAL)
