"""What Legal offers."""

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
    short,
    yes_no,
)

CONTRACT = Offer(
    department="legal",
    slug="contract",
    name="A contract checked",
    team="Contracts",
    summary="We read it, say what is wrong with it, and write it anew where needed.",
    category="contracts",
    icon="file-pen-line",
    share=3.3,
    weights=USUAL,
    clients={"sales": 4.2, "procurement": 2.4, "legal": 0.0},
    gets=("Our remarks in the margin", "A version you can sign"),
    needs=("The contract and what was agreed by word", "When it must be signed"),
    fields=(
        short("what", "With whom, about what?"),
        choice(
            "kind", "Which kind?", "Customer", "Supplier", "Freelancer", "Rent", "Something else"
        ),
        number("value", "How much is it worth in a year, in euro?"),
        choice("paper", "On whose paper?", "Ours", "Theirs"),
        yes_no("changes", "Did they change our text?", shown_when=["paper", "Ours"]),
        day("sign_by", "To be signed by"),
        DETAILS,
    ),
    matters=(
        Matter(
            "Contract with {customer}",
            "They want to order for three years and ask for a fixed price.",
            {"kind": "Customer", "value": "{big}"},
        ),
        Matter(
            "{customer} changed our terms",
            "Eleven changes, most of them about being late.",
            {"kind": "Customer", "paper": "Ours", "changes": True, "value": "{big}"},
        ),
        Matter(
            "Framework with {customer}",
            "All their houses shall order by it.",
            {"kind": "Customer", "paper": "Theirs", "value": "{big}"},
        ),
        Matter(
            "Longer guarantee for {customer}",
            "They ask for five years; we usually give two.",
            {"kind": "Customer", "value": "{big}"},
        ),
        Matter(
            "Framework for parcel services",
            "Three couriers, one text.",
            {"kind": "Supplier", "value": "{big}"},
        ),
        Matter(
            "Contract with Studio Norte",
            "They make the film for {campaign}.",
            {"kind": "Supplier", "paper": "Theirs", "value": "18000"},
            weight=0.6,
        ),
        Matter(
            "Freelancer for {n} months",
            "The same text as last time, with another rate.",
            {"kind": "Freelancer", "paper": "Ours", "changes": False, "value": "12000"},
        ),
        Matter(
            "Lease of the store in {city}",
            "Two years more, and a larger gate.",
            {"kind": "Rent", "paper": "Theirs", "value": "{big}"},
        ),
        Matter(
            "{customer} wants our source of wood in the contract",
            "Their lawyers call it due diligence.",
            {"kind": "Customer", "paper": "Theirs", "value": "{big}"},
        ),
    ),
    talk=(
        ("Which of the changes did you promise them by word?", "Only the longer time to pay."),
        ("Who signs for them?", "Their managing director, with one other."),
        (
            "Is the price really fixed for three years, whatever wood costs?",
            "With a way out after 18 months, they said.",
        ),
        ("Could you send me the annex? Page 9 is the last I have.", "Sorry, here it is."),
    ),
    notes=(
        "Clause 7 is the trouble, as ever with them.",
        "Spoke with their lawyer; they give way on penalties.",
        "Two readers for this one, above the limit.",
    ),
    holds=(
        (
            "their lawyers",
            "Our version is with the other side. They answer by the end of next week.",
        ),
        ("Brandão & Partners", "Outside counsel looks at the Polish part."),
    ),
    held=0.2,
    asks=0.34,
    reopened=0.05,
    done=(
        "You can sign this one. Our remarks are in the margin of the version I sent.",
        "Read and changed in four places; they have agreed to all of them.",
        "All in order. Please file the signed one in the contract folder.",
    ),
    again=("They came back with two more changes.",),
    declines=(
        "Under this value you may sign our standard text yourself; it is in the contract folder.",
    ),
)

NDA = Offer(
    department="legal",
    slug="nda",
    name="Agreement to keep a secret",
    team="Contracts",
    summary="Before you show someone what nobody shall see yet.",
    category="contracts",
    icon="shield-check",
    share=1.0,
    weights=USUAL,
    clients={"sales": 1.5, "design": 1.6},
    gets=("Our text, filled in and ready to sign",),
    needs=("Who it is, and what you want to show them",),
    fields=(
        short("what", "With whom?"),
        choice("sides", "Who has secrets?", "Only we", "Both sides"),
        short("country", "In which country are they?"),
        day("until", "Until when shall it hold?"),
        DETAILS,
    ),
    matters=(
        Matter(
            "{customer}, before the preview",
            "We show them the range for next year.",
            {"country": "{country}"},
        ),
        Matter(
            "Film crew in the workshop",
            "They will see the prototypes whether they want or not.",
            {"country": "{country}"},
        ),
        Matter(
            "New supplier of hinges, {vendor}",
            "They show us their drawings too.",
            {"country": "{country}", "sides": "Both sides"},
        ),
        Matter(
            "University in {city}, student project",
            "Six students and their teacher.",
            {"country": "{country}"},
        ),
    ),
    talk=(("Is it about drawings only, or prices too?", "Drawings only."),),
    notes=("Standard text 2.",),
    done=("The text is ready to sign, for both sides.", "Signed by us; theirs is under way."),
    again=("They ask for Portuguese law instead.",),
)

PRIVACY = Offer(
    department="legal",
    slug="privacy",
    name="Question about privacy",
    team="Advice",
    summary="May we keep, send or show this about people?",
    category="contracts",
    icon="fingerprint-pattern",
    share=0.7,
    weights=USUAL,
    clients={"marketing": 1.8, "data": 1.6},
    gets=("A yes, a no, or a way to do it",),
    needs=("Whose data, from where to where",),
    fields=(
        WHAT,
        choices(
            "whose",
            "Whose data?",
            "Customers",
            "Colleagues",
            "Applicants",
            "Visitors",
            required=True,
        ),
        yes_no("leaves", "Does it leave the company?"),
        short("whereto", "Where to?", shown_when=["leaves", "yes"]),
        long("details", "What do you want to do?", required=True),
    ),
    matters=(
        Matter(
            "Pictures of visitors at the fair",
            "We would like to show some on the website.",
            {"whose": ["Visitors"], "leaves": True, "whereto": "Our website"},
        ),
        Matter(
            "List of customers for a survey",
            "Names and addresses go to the institute.",
            {"whose": ["Customers"], "leaves": True, "whereto": "The institute"},
        ),
        Matter(
            "How long may we keep applications?",
            "The folder goes back six years.",
            {"whose": ["Applicants"], "leaves": False},
            done=("Six months, then delete. I have written down the few exceptions.",),
        ),
        Matter(
            "A customer wants to know what we have",
            "She wrote a letter, by post.",
            {"whose": ["Customers"], "leaves": False},
        ),
        Matter(
            "Birthdays on the board in the kitchen",
            "Only the day, not the year.",
            {"whose": ["Colleagues"], "leaves": False},
            done=("Yes, if each of them says so. A line on the form will do.",),
        ),
    ),
    talk=(
        ("Can anyone be recognised in them?", "On two of them, yes."),
        ("Who at the institute reads it?", "Three people, by name."),
    ),
    notes=("Precedent from last year, same answer.",),
    done=(
        "You may, under the two conditions I noted above.",
        "Better not; there is a simpler way, which I describe in my mail.",
        "Yes. I have put it on our list of such uses.",
    ),
    again=("The institute changed its text.",),
)

ADVICE = Offer(
    department="legal",
    slug="advice",
    name="Legal advice, in confidence",
    team="Advice",
    summary="Only you and the advice team read this.",
    category="contracts",
    icon="scale",
    share=0.7,
    restricted=True,
    weights=USUAL,
    sends_on=0.0,
    gets=("An honest answer", "Silence, unless you release us from it"),
    needs=("What happened, and when",),
    fields=(
        short("what", "A few words"),
        choice(
            "about", "What is it about?", "A dispute", "A customer", "A colleague", "Something else"
        ),
        day("deadline", "Is there a date to keep?"),
        long("details", "What happened?", required=True),
    ),
    matters=(
        Matter(
            "A letter from a lawyer",
            "It names our table and one of theirs, which look alike.",
            {"about": "A dispute"},
        ),
        Matter(
            "{customer} has not paid for a year",
            "And now they have a new address.",
            {"about": "A customer"},
        ),
        Matter(
            "Something was signed that should not have been",
            "I would rather tell you first.",
            {"about": "Something else"},
        ),
        Matter(
            "An accident on the way to the fair",
            "Nobody was hurt, the van was.",
            {"about": "Something else"},
        ),
    ),
    talk=(("Is there anything in writing?", "Two mails. I bring them along."),),
    holds=(("the insurance", "The insurance has to say first whether it covers this."),),
    notes=("Spoke in person.",),
    done=(
        "As we said: do nothing, answer nothing, send it to me.",
        "Settled with a letter. They leave it at that.",
        "The answer is in the sealed folder.",
    ),
    again=("They have written again.",),
)

LEGAL_GENERAL = Offer(
    department="legal",
    slug="general-request",
    name="General request",
    team="Advice",
    summary="Anything about law that fits nowhere else.",
    category="contracts",
    icon="gavel",
    share=0.3,
    is_general=True,
    sends_on=0.2,
    fields=(WHAT, long("details", "Tell us more", required=True)),
    matters=(
        Matter(
            "May we call it “oak” if it is veneer?",
            "For the label on {campaign}.",
            done=("Say “oak veneer”, and all is well.",),
        ),
        Matter(
            "Power of attorney for {colleague_first}",
            "For one day at the notary in {city}.",
            done=("Signed; the original is at the front desk.",),
        ),
        Matter(
            "Is our name protected in {country}?",
            "Someone there sells lamps under it.",
            done=("It is, since last year. We write to them.",),
        ),
        Matter("Stamp from the notary", "Two papers for {customer}.", done=("Both are stamped.",)),
    ),
    talk=(("By when?", "Next week is early enough."),),
    done=("Done.",),
)

OFFERS = (CONTRACT, NDA, PRIVACY, ADVICE, LEGAL_GENERAL)
