"""What Design offers."""

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
    choices,
    day,
    long,
    number,
    short,
    yes_no,
)

DESIGNED = Offer(
    department="design",
    slug="something-designed",
    name="Something designed",
    team="Studio",
    summary="From a name badge to a catalogue.",
    category="communication",
    icon="palette",
    share=1.9,
    weights=USUAL,
    held=0.04,
    asks=0.34,
    clients={"marketing": 2.6, "sales": 1.2, "design": 0.0},
    reopened=0.08,
    gets=("A first draft, two rounds of changes", "Files for print and screen"),
    needs=("The text, final", "Where it will be seen"),
    fields=(
        WHAT,
        choice(
            "kind",
            "What shall it be?",
            "Banner or poster",
            "Brochure",
            "Slides",
            "Sign",
            "Something else",
        ),
        short("size", "How large?", required=False, shown_when=["kind", "Banner or poster"]),
        choices("languages", "In which languages?", "English", "Portuguese", "Polish"),
        yes_no("text_final", "Is the text final?"),
        day("needed_by", "Needed by", required=True),
        DETAILS,
    ),
    matters=(
        Matter(
            "Banner for the stand",
            "One that can be read from across the hall.",
            {"kind": "Banner or poster", "size": "3 by 2 metres"},
        ),
        Matter("Slides for {customer}", "Twelve of them; mine look like mine.", {"kind": "Slides"}),
        Matter(
            "Signature with the banner of {campaign}",
            "For all of us, from Monday on.",
            {"kind": "Something else"},
        ),
        Matter("Brochure about oiled wood", "Eight pages, to take home.", {"kind": "Brochure"}),
        Matter(
            "Sign for the lift in {city}",
            "So that nobody gets out on {floor} any more.",
            {"kind": "Sign"},
        ),
        Matter(
            "Menu for the summer party", "On wood, if that can be done.", {"kind": "Something else"}
        ),
        Matter(
            "Labels for the new chairs", "Four sizes, three languages.", {"kind": "Something else"}
        ),
        Matter(
            "Poster: wear your badge",
            "Friendly, please.",
            {"kind": "Banner or poster", "size": "A2"},
        ),
    ),
    talk=(
        ("Is the text final? I set it once.", "It is now, see my last mail."),
        ("Light ground or dark?", "Light. It hangs in a dark hall."),
        ("Do you have the pictures in a larger size?", "{colleague} sends them today."),
        (
            "Two drafts are in the folder. Which way shall I go on?",
            "The second one, with the green of the first.",
        ),
    ),
    notes=(
        "Typeface licence covers print only; asked for screen.",
        "Second draft is stronger, I think. {colleague_first} agrees.",
    ),
    holds=(("Prisma Print", "It is at the printer's, back on Thursday."),),
    done=(
        "The files are in your folder, for print and screen.",
        "Second draft, with your changes. The printer has it.",
        "Ready. I also made a small one for the website.",
        "Done in three languages; the Polish lines are longer, so I moved the picture.",
    ),
    again=("The name of the hall is misspelt.", "In print the green looks grey."),
    declines=(
        "We are full until the fair. The template in the folder gets you most of the way; I gladly look over it.",
    ),
)

PHOTO = Offer(
    department="design",
    slug="photo",
    name="Photos and film",
    team="Studio",
    summary="People, products and rooms; taken, cut, and put right.",
    category="communication",
    icon="camera",
    share=0.8,
    weights=SMALL,
    clients={"marketing": 2.2, "people": 1.5, "design": 0.0},
    gets=("Pictures in the size you need", "The right to use them"),
    needs=("What for, and who must be asked",),
    fields=(
        WHAT,
        choice("kind", "What shall be in it?", "People", "Products", "Rooms", "Film"),
        yes_no("agreed", "Have the people in it agreed?", shown_when=["kind", "People"]),
        number("how_many", "How many pictures?"),
        day("needed_by", "Needed by"),
        DETAILS,
    ),
    matters=(
        Matter(
            "Portraits of {n} new colleagues",
            "In {city}, before lunch if that can be.",
            {"kind": "People", "agreed": True, "how_many": "{n}"},
        ),
        Matter("New chairs on white", "From four sides each.", {"kind": "Products"}),
        Matter(
            "Short film about the workshop",
            "A minute, without words.",
            {"kind": "Film", "how_many": "1"},
        ),
        Matter("Room {room} for the website", "With evening light.", {"kind": "Rooms"}),
        Matter(
            "Take a person out of a picture",
            "He no longer works with us.",
            {"kind": "People", "agreed": True, "how_many": "1"},
            done=("He is gone, and the bench is empty.",),
        ),
    ),
    talk=(("On which day is the light good there?", "In the mornings."),),
    notes=("Studio booked.",),
    holds=(("Studio Norte", "The cut is with them until Monday."),),
    done=(
        "The pictures are in the folder.",
        "Cut and with sound. Tell me if it runs too fast.",
        "All are put right; the best three are in front.",
    ),
    again=("They are too small for print.",),
)

DESIGN_GENERAL = Offer(
    department="design",
    slug="general-request",
    name="General request",
    team="Studio",
    summary="Anything about how things look.",
    category="communication",
    icon="pen-tool",
    share=0.3,
    is_general=True,
    sends_on=0.2,
    fields=(WHAT, long("details", "Tell us more", required=True)),
    matters=(
        Matter(
            "Which green is ours?",
            "I have found four.",
            done=("The second one; the others are off the shelf now.",),
        ),
        Matter(
            "Colour for the wall on {floor}",
            "Something calm.",
            done=("A warm grey. Two pots stand in the courtyard.",),
        ),
        Matter(
            "A look at our slides",
            "Ten minutes are enough.",
            done=("Seen, with remarks on five of them.",),
        ),
        Matter(
            "Typeface for letters",
            "The old one has no Polish letters.",
            done=("It is on your computers since this morning.",),
        ),
    ),
    talk=(("Who will see it?", "Everyone in {city}."),),
    done=("Done.",),
)

OFFERS = (DESIGNED, PHOTO, DESIGN_GENERAL)
