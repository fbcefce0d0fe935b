"""What IT offers."""

# ruff: noqa: E501  a text stands on one line

from __future__ import annotations

from servicedesk.demo.offers.shape import (
    DETAILS,
    PRESSING,
    SMALL,
    USUAL,
    WHAT,
    Matter,
    Offer,
    choice,
    choices,
    day,
    file,
    long,
    number,
    person,
    short,
    yes_no,
)

NEW_LAPTOP = Offer(
    department="it",
    slug="new-laptop",
    name="New laptop",
    team="Service desk",
    summary="Set up for your work, with your accounts on it, at your desk or your door.",
    category="equipment",
    icon="laptop",
    share=1.5,
    weights=SMALL,
    approvals=0.75,
    clients={"marketing": 1.4, "design": 1.6, "it": 0.1},
    gets=(
        "A laptop, charger and dock",
        "Your programs and files on it",
        "Half an hour with one of us",
    ),
    needs=("Where it shall go", "Programs beyond the usual ones", "The old one, within two weeks"),
    description="We keep two models in store. **We may ask your head to agree**; you see here whose turn it is.",
    fields=(
        WHAT,
        choice("model", "Which one?", "Light, 13 inch", "Studio, 16 inch"),
        long(
            "why_studio",
            "What will you do with it?",
            "The studio model is for pictures, film and data.",
            required=True,
            shown_when=["model", "Studio, 16 inch"],
        ),
        short("where", "Where shall we bring it?", "An office and floor, or your address at home."),
        choice("keyboard", "Keyboard", "English", "Portuguese", "Polish"),
        day("needed_by", "When do you need it?"),
        DETAILS,
        file("picture", "A picture or an offer, if you have one"),
    ),
    matters=(
        Matter(
            "Laptop for {newcomer}, who starts soon",
            "We are glad to have her in {city}. The usual programs are enough.",
            {"where": "{city}, {floor}", "model": "Light, 13 inch"},
        ),
        Matter(
            "My laptop is six years old and it shows",
            "It takes ten minutes to start, and the battery lasts through one meeting.",
            {"where": "{city}, {floor}"},
        ),
        Matter(
            "Studio laptop for film work",
            "The new videos for {campaign} do not play on the one I have.",
            {
                "model": "Studio, 16 inch",
                "why_studio": "Cutting film and working on large pictures, most days.",
                "where": "{city}, {floor}",
            },
        ),
        Matter(
            "Lighter laptop for travelling",
            "I am with customers three days a week, and the big one hurts my shoulder.",
            {"model": "Light, 13 inch", "where": "{city}, {floor}"},
        ),
        Matter(
            "Replacement, the screen has a crack",
            "It fell from the table. It still works with a monitor, so there is no great hurry.",
            {"where": "{city}, {floor}"},
        ),
        Matter(
            "Second laptop for the meeting room {room}",
            "Visitors keep asking for one to show their slides.",
            {"where": "{city}, room {room}", "model": "Light, 13 inch"},
        ),
    ),
    talk=(
        (
            "Which programs do you use beyond the usual ones?",
            "Only the drawing programs, please, and the one for the label printer.",
        ),
        (
            "Shall I move your files over, or would you rather start fresh?",
            "Please move everything. I would not know where to begin.",
        ),
        (
            "Would Thursday morning suit you for the half hour together?",
            "Thursday is fine, after ten.",
        ),
        (
            "Is the old one still in use, or may we take it back at once?",
            "Give me a week to look through it, then it is yours.",
        ),
    ),
    notes=(
        "Last one of this model in {city}; I have told {lead_first} that we should reorder.",
        "Imaging took twice as long as usual, the network share was slow.",
        "Serial number is in the equipment list.",
    ),
    holds=(
        (
            "Copperline Computers",
            "We are out of this model. The supplier delivers next week; I write as soon as it is here.",
        ),
        ("Copperline Computers", "The keyboard you need has to be ordered. It is on its way."),
    ),
    held=0.16,
    done=(
        "It is set up and on your desk. Your files are on it; the old one can stay with us.",
        "All yours. We went through it together this morning; write here if something is missing.",
        "Delivered with charger and dock. The drawing programs are on it.",
    ),
    again=(
        "The dock does not find the second monitor.",
        "My mail is there, but the shared folders are not.",
    ),
    declines=(
        "Your laptop is two years old and within its guarantee. We repair it instead; please bring it by.",
    ),
)

MONITOR = Offer(
    department="it",
    slug="monitor",
    name="Monitor or accessory",
    team="Service desk",
    summary="Screens, keyboards, headsets, cables: what stands around a computer.",
    category="equipment",
    icon="monitor",
    share=1.6,
    weights=SMALL,
    clients={"it": 0.1, "data": 1.3},
    gets=("What you asked for, at your desk", "Someone who plugs it in"),
    needs=("Where you sit", "What it must fit to"),
    fields=(
        short("what", "What do you need?"),
        choices(
            "things",
            "Which of these?",
            "Monitor",
            "Keyboard",
            "Mouse",
            "Headset",
            "Dock",
            "Cable",
            required=True,
        ),
        number("monitors", "How many monitors?", required=True, shown_when=["things", "Monitor"]),
        short("where", "Where do you sit?"),
        DETAILS,
    ),
    matters=(
        Matter(
            "Second monitor",
            "I compare long tables all day, one below the other.",
            {"things": ["Monitor"], "monitors": "1", "where": "{city}, {floor}"},
            talk=(
                (
                    "Is your desk top made of glass? Then I bring a stand, not the arm.",
                    "It is wood, so the arm is fine.",
                ),
                ("Do you have a free socket under the desk?", "One, yes, beside the window."),
            ),
        ),
        Matter(
            "Docking station for {city}",
            "I move between two desks and carry all the cables with me.",
            {"things": ["Dock"], "where": "{city}, {floor}"},
        ),
        Matter(
            "Headset, mine crackles",
            "Customers ask me whether I am at the sea.",
            {"things": ["Headset"], "where": "{city}, {floor}"},
        ),
        Matter(
            "Quiet keyboard",
            "My neighbours are kind about it, but it is loud.",
            {"things": ["Keyboard"], "where": "{city}, {floor}"},
        ),
        Matter(
            "Upright mouse",
            "My wrist hurts; the doctor suggests one that stands upright.",
            {"things": ["Mouse"], "where": "{city}, {floor}"},
        ),
        Matter(
            "Two monitors for the new desk",
            "We made room for one more desk on {floor}.",
            {"things": ["Monitor", "Cable"], "monitors": "2", "where": "{city}, {floor}"},
        ),
        Matter(
            "Longer cable for room {room}",
            "It ends a metre before the table does.",
            {"things": ["Cable"], "where": "{city}, room {room}"},
            done=("A five metre cable is in the room now, taped under the table.",),
        ),
    ),
    talk=(
        ("Do you use it on two computers or only on one?", "Only on the laptop."),
        ("Left hand or right hand?", "Right hand, please."),
        ("May it be a used one in good order? I have it here today.", "Of course."),
    ),
    notes=(
        "Taken from the store in {city}.",
        "Stock is down to three; on the list for the next order.",
    ),
    holds=(("Copperline Computers", "I had to order it. The supplier names next week."),),
    done=(
        "It is on your desk and plugged in.",
        "Done, and I took the old one with me.",
        "You find it at the front desk in {city} with your name on it.",
    ),
    again=("It flickers after a few minutes.", "It is the wrong plug, sorry."),
    declines=(
        "We give out one headset each two years, and yours is from spring. Please bring it by, I will look at it.",
    ),
)

ACCESS = Offer(
    department="it",
    slug="access",
    name="Access to a system",
    team="Accounts and access",
    summary="Into the systems you need, for as long as you need them.",
    category="access",
    icon="key-round",
    share=2.6,
    weights=USUAL,
    approvals=0.3,
    clients={"finance": 1.4, "data": 1.4, "sales": 1.2},
    gets=("Access with exactly the rights you need", "A note when it ends"),
    needs=("What you want to do there", "Until when, if it is for a while"),
    fields=(
        WHAT,
        choice(
            "system",
            "Which system?",
            "Ledger",
            "Order book",
            "Forecast model",
            "Contract folder",
            "Website editor",
            "Another one",
        ),
        short("other", "Which other one?", shown_when=["system", "Another one"]),
        choice("right", "What do you want to do there?", "Read", "Write", "Manage others"),
        person("for_whom", "Who needs it?"),
        yes_no("for_a_while", "Only for a while?"),
        day("until", "Until when?", required=True, shown_when=["for_a_while", "yes"]),
        DETAILS,
    ),
    matters=(
        Matter(
            "Forecast model, to read only",
            "I prepare the quarterly figures with {colleague}.",
            {"system": "Forecast model", "right": "Read"},
        ),
        Matter(
            "Write access to the order book",
            "I take over the {city} customers while {colleague_first} is away.",
            {"system": "Order book", "right": "Write"},
        ),
        Matter(
            "Ledger for the audit",
            "The auditors sit with us for two weeks and I answer for our cost centre.",
            {"system": "Ledger", "right": "Read", "for_a_while": True},
        ),
        Matter(
            "Contract folder for outside counsel",
            "They need to read the papers about {customer}, nothing else.",
            {"system": "Contract folder", "right": "Read", "for_a_while": True},
        ),
        Matter(
            "{colleague_first} cannot get into the website editor",
            "We publish {campaign} next week, and two of us should be able to.",
            {"system": "Website editor", "right": "Write"},
        ),
        Matter(
            "Read access to salary bands, one week",
            "For the pay comparison that the board asked for.",
            {
                "system": "Another one",
                "other": "Salary bands",
                "right": "Read",
                "for_a_while": True,
            },
            weight=0.4,
        ),
        Matter(
            "Access to the label printer queue",
            "Since I moved desks I see the printer but not its queue.",
            {"system": "Another one", "other": "Print server", "right": "Write"},
        ),
        Matter(
            "Take {colleague_first} off the order book",
            "{colleague_first} has moved to another team.",
            {"system": "Order book", "right": "Manage others"},
            done=("Removed. The open orders went to you.",),
        ),
    ),
    talk=(
        ("Reading only, or do you have to change figures too?", "Reading is enough."),
        (
            "Until when do you need it? I set an end so that nobody has to remember.",
            "The end of next month will do.",
        ),
        ("Who owns the data there? I have to ask them as well.", "That is {colleague}."),
        (
            "Do you already have an account there with another address?",
            "I had one with my old team; you can close that.",
        ),
    ),
    notes=(
        "Group is called by its old name still, do not be misled.",
        "{colleague_first} agreed on the phone.",
        "Checked: no one else of that team has write access.",
    ),
    holds=(
        (
            "Ledgerworks",
            "Their support has to unlock the seat. They promised an answer within two days.",
        ),
    ),
    done=(
        "You are in. Sign out and in once, then it shows up on your start page.",
        "Access is set as you asked, with an end date. You hear from us a week before.",
        "Done; I tried it with your account a minute ago.",
        "{colleague_first} has access now and got a short mail about it.",
    ),
    again=(
        "I get in, but the folder I need is grey.",
        "It worked yesterday and today it asks me to ask for access again.",
    ),
    declines=(
        "This would open more than you need. Please ask {colleague} for an extract instead; they know about it.",
    ),
    reopened=0.07,
)

PASSWORD = Offer(
    department="it",
    slug="password",
    name="Password or sign-in",
    team="Service desk",
    summary="You cannot get in. We help at once.",
    category="access",
    icon="lock",
    share=2.4,
    weights=PRESSING,
    quick=True,
    asks=0.1,
    held=0.0,
    sends_on=0.01,
    gets=("A way in, mostly within the hour",),
    needs=("A phone number where we reach you",),
    fields=(
        short("what", "Where can you not get in?"),
        choice(
            "what_happens",
            "What happens?",
            "Password forgotten",
            "Account locked",
            "Second step does not work",
            "Something else",
        ),
        yes_no(
            "new_phone",
            "Do you have a new phone?",
            required=False,
            shown_when=["what_happens", "Second step does not work"],
        ),
        short("phone", "Where do we reach you?", "A phone, or a colleague's account."),
        DETAILS,
    ),
    matters=(
        Matter(
            "Locked out after the holidays",
            "I tried three times, then it said no.",
            {"what_happens": "Account locked", "phone": "{phone}"},
        ),
        Matter(
            "New phone, the second step fails",
            "The old one is wiped already.",
            {"what_happens": "Second step does not work", "new_phone": True, "phone": "{phone}"},
            done=("Your new phone is registered. The codes it shows now are good.",),
        ),
        Matter(
            "Forgot the password for the order book",
            "I use it once a quarter.",
            {"what_happens": "Password forgotten", "phone": "{phone}"},
        ),
        Matter(
            "The till in the lobby asks for a password",
            "Nobody at the front desk knows it.",
            {"what_happens": "Password forgotten", "phone": "{phone}"},
            weight=0.4,
        ),
        Matter(
            "Cannot sign in from home",
            "In the office it works.",
            {"what_happens": "Something else", "phone": "{phone}"},
        ),
        Matter(
            "{colleague_first} is locked out, I write for them",
            "They sit beside me and cannot write themselves.",
            {"what_happens": "Account locked", "phone": "{phone}"},
        ),
    ),
    talk=(("Does it say “wrong password” or “account locked”?", "Locked."),),
    notes=(
        "Identity checked by phone.",
        "Third time this month; the reminder mail goes to an old address. Changed.",
    ),
    done=(
        "I have set a new password and told it to you on the phone. It asks you to choose your own.",
        "Unlocked. It was an old phone that kept trying the old password.",
        "You should get in again. I have also put a spare code in your safe.",
        "Solved together on the phone.",
    ),
    again=("It let me in once and now it is locked again.",),
)

REPAIR = Offer(
    department="it",
    slug="repair",
    name="Something does not work",
    team="Service desk",
    summary="A computer, program or printer that does not do what it should.",
    category="help",
    icon="wrench",
    share=3.4,
    weights=PRESSING,
    reopened=0.09,
    held=0.1,
    gets=("Someone who looks at it", "A spare if it takes longer"),
    needs=("What you did and what you saw", "Since when"),
    fields=(
        WHAT,
        choice("thing", "What is it?", "Computer", "Program", "Printer", "Something else"),
        short("program", "Which program?", shown_when=["thing", "Program"]),
        choice("since", "Since when?", "Just now", "Today", "For some days", "It comes and goes"),
        long("details", "What did you do, and what did you see?", required=True),
        file("screenshot", "A screenshot, if it helps"),
    ),
    matters=(
        Matter(
            "Fan noise, like a small aeroplane",
            "It starts when I open two programs at once and does not stop.",
            {"thing": "Computer"},
        ),
        Matter(
            "Invoice export stops half-way",
            "It writes 200 lines of 900 and then nothing, without a message.",
            {"thing": "Program", "program": "Ledger"},
            talk=(
                ("Does it stop at the same line each time?", "Yes, always at line 200."),
                ("Could you send me the number of the last invoice in the file?", "It is {n}4417."),
            ),
            done=(
                "A damaged invoice stopped the export. I took it out; the whole file is in your folder.",
            ),
        ),
        Matter(
            "Mail shows yesterday's messages only",
            "On the phone I see the new ones.",
            {"thing": "Program", "program": "Mail"},
        ),
        Matter("Printer on {floor} prints pale", "Both cartridges are new.", {"thing": "Printer"}),
        Matter(
            "The order book is slow in {city}",
            "Every click takes half a minute. All of us have it.",
            {"thing": "Program", "program": "Order book"},
        ),
        Matter(
            "Screen goes black when I plug in the charger",
            "Strange, but it is so.",
            {"thing": "Computer"},
        ),
        Matter(
            "Calendar shows meetings an hour late",
            "Only those that colleagues in {city} made.",
            {"thing": "Program", "program": "Calendar"},
            done=(
                "Your computer thought it was in another zone. I have set it right, and the meetings moved with it.",
            ),
        ),
        Matter(
            "Label printer leaves every second label empty",
            "We send {n}0 parcels a day and cut them by hand now.",
            {"thing": "Printer"},
        ),
        Matter(
            "Cannot open the drawings from {customer}",
            "The program says it does not know the file.",
            {"thing": "Program", "program": "Drawing viewer"},
        ),
        Matter(
            "Camera works everywhere but in meetings",
            "I am the one without a face.",
            {"thing": "Computer"},
        ),
        Matter(
            "Website editor loses what I type",
            "Ten minutes of text were gone, twice today.",
            {"thing": "Program", "program": "Website editor"},
        ),
        Matter(
            "Spreadsheet with the prices will not save",
            "It says that someone else has it open. Nobody has.",
            {"thing": "Program", "program": "Spreadsheet"},
        ),
    ),
    talk=(
        ("Does it happen on the cable as well as on the wireless network?", "On both, I tried."),
        (
            "Could you tell me the exact words of the message?",
            "It says: not enough room to finish this.",
        ),
        (
            "Has anything changed since it last worked?",
            "There was an update on the weekend, I think.",
        ),
        ("May I take over your screen at two o'clock?", "Yes, I am at my desk then."),
    ),
    notes=(
        "Same as the one last week from {city}; the update of the weekend is to blame.",
        "Reproduced on the spare machine.",
        "Driver rolled back, watching it for a day.",
        "Log says the disk is failing. Ordered one to be safe.",
    ),
    holds=(
        ("Northgate Repairs", "It has to go in for repair. You have a spare until it is back."),
        (
            "Ledgerworks",
            "This is a fault in their program. They know it and promised a correction.",
        ),
        ("Printwell", "Their technician comes to look at it."),
    ),
    done=(
        "It works again. An update had gone wrong; I put the earlier version back.",
        "Repaired and tested for an hour. Please keep an eye on it.",
        "The cause was a full disk. I freed some room and set up a warning.",
        "I changed the part that failed. It is quiet now.",
        "It was a setting, easily changed. Nothing is lost.",
    ),
    again=(
        "It is back, exactly as before.",
        "It works for me but not for {colleague_first}.",
        "It held for an hour, then the same again.",
    ),
    declines=("This is your private printer at home, which we do not look after. Sorry.",),
)

MAILBOX = Offer(
    department="it",
    slug="shared-mailbox",
    name="Shared mailbox",
    team="Accounts and access",
    summary="One address that several of you read and answer.",
    category="communication",
    icon="mailbox",
    share=0.8,
    weights=USUAL,
    clients={"marketing": 1.8, "sales": 1.3},
    gets=("The address", "Access for everyone you name", "It shows up by itself"),
    needs=("Who reads and who sends", "Until when, if it is for a fair or a project"),
    fields=(
        WHAT,
        short("address", "Which address?", "The part before the @ is enough."),
        person("owner", "Who looks after it?"),
        choice("may", "What may the others do?", "Only read", "Read and send"),
        day("needed_by", "Needed by"),
        day("until", "Until", required=False),
        DETAILS,
    ),
    matters=(
        Matter(
            "Shared mailbox for {campaign}",
            "Visitors should reach all of us at one address, and we should see who has answered.",
            {"address": "{word}"},
        ),
        Matter(
            "One address for returns",
            "Customers write to three of us now and nobody knows who answers.",
            {"address": "returns"},
        ),
        Matter(
            "Add {colleague} to our mailbox",
            "{colleague_first} takes over from next week.",
            {"address": "{word}"},
            done=("{colleague_first} is in. The mailbox shows up by itself within the hour.",),
        ),
        Matter(
            "Mailbox for applications from {city}",
            "Three of us read it, one answers.",
            {"address": "jobs-{word}"},
        ),
        Matter(
            "Close the mailbox of last year's fair",
            "Please keep what is in it for a year.",
            {"address": "{word}"},
            done=("Closed. The messages are kept for a year; ask us if you need one.",),
        ),
    ),
    talk=(
        (
            "The name is free and I have kept it for you. Shall all of you also send from this address, or only read?",
            "Send as well, please.",
        ),
        ("Who shall look after it when you are away?", "{colleague}, please."),
    ),
    notes=(
        "Two licences are left in the pool. Asked Procurement for ten more.",
        "Old mailbox of the same name exists, archived under another one.",
    ),
    done=(
        "The mailbox is there and I have sent a first mail from it. It shows up by itself within the hour.",
        "Done. All of you can read and send; it took your signature from the template.",
    ),
    again=("{colleague_first} does not see it yet.", "We can read it, but sending is refused."),
)

LICENCE = Offer(
    department="it",
    slug="licence",
    name="Software licence",
    team="Accounts and access",
    summary="A program you need, bought and set up.",
    category="equipment",
    icon="app-window",
    share=1.3,
    weights=SMALL,
    approvals=0.55,
    clients={"design": 1.8, "data": 1.4},
    gets=("The program on your computer", "A seat in your name"),
    needs=("What you want to do with it", "For how long"),
    fields=(
        WHAT,
        short("program", "Which program?"),
        choice("how_long", "For how long?", "From now on", "For a project"),
        day("until", "Until when?", required=True, shown_when=["how_long", "For a project"]),
        number("seats", "How many seats?"),
        DETAILS,
    ),
    matters=(
        Matter(
            "Prototyping seats for two freelancers",
            "They draw the new catalogue with us until the end of the project.",
            {"program": "Sketchboard", "how_long": "For a project", "seats": "2"},
        ),
        Matter(
            "Chart program for the quarterly report",
            "The free one puts its name on every picture.",
            {"program": "Plotline", "how_long": "From now on", "seats": "1"},
        ),
        Matter(
            "Renew our film licences",
            "They end this month and we cut {campaign} with them.",
            {"program": "Cutroom", "how_long": "From now on", "seats": "{n}"},
        ),
        Matter(
            "Dictionary for the translators",
            "For Polish and Portuguese.",
            {"program": "Wordhoard", "seats": "2"},
        ),
        Matter(
            "Survey tool for one month",
            "We ask customers about the new range.",
            {"program": "Askwell", "how_long": "For a project", "seats": "1"},
        ),
        Matter(
            "Give my seat to {colleague_first}",
            "I no longer draw myself.",
            {"program": "Sketchboard", "how_long": "From now on", "seats": "1"},
            done=("The seat moved to {colleague_first}.",),
        ),
    ),
    talk=(
        (
            "Would the program we already have do? I can show you how.",
            "I tried, it cannot do layers.",
        ),
        ("Which cost centre carries it?", "Ours, {n}120."),
    ),
    notes=("Vendor gives a better price from five seats on. Collecting.",),
    holds=(("Sketchboard", "I have ordered it. The maker sends the key within two days."),),
    held=0.14,
    done=(
        "The seat is in your name. Open the program and sign in as usual.",
        "Bought and set up. It renews by itself, and we ask you before.",
        "Installed. Have a look whether all you need is there.",
    ),
    again=("It says that the seat belongs to someone else.",),
    declines=(
        "Procurement has stopped new contracts with this maker. Please use the one on the list of programs.",
    ),
)

PHONE = Offer(
    department="it",
    slug="phone",
    name="Phone",
    team="Service desk",
    summary="A phone, a number, a card; and what to do when it is lost.",
    category="equipment",
    icon="smartphone",
    share=0.8,
    weights=USUAL,
    clients={"sales": 1.7},
    gets=("A phone with your number", "Mail and calendar on it"),
    needs=("Whether the old one is safe",),
    fields=(
        WHAT,
        choice("why", "Why?", "Lost or stolen", "Broken", "First phone", "New number"),
        yes_no("locked", "Have you locked it yourself?", shown_when=["why", "Lost or stolen"]),
        short("where", "Where shall we send the new one?"),
        DETAILS,
    ),
    matters=(
        Matter(
            "Lost phone: lock it, order a new one",
            "I left it in a taxi last night.",
            {"why": "Lost or stolen", "where": "{city}, front desk"},
        ),
        Matter(
            "Phone with a cracked screen",
            "I can still take calls, with care.",
            {"why": "Broken", "where": "{city}, front desk"},
        ),
        Matter(
            "First phone for {newcomer}",
            "Begins with the customers of {city}.",
            {"why": "First phone", "where": "{city}, front desk"},
        ),
        Matter(
            "Polish number for {colleague_first}",
            "Customers there do not call abroad.",
            {"why": "New number", "where": "{city}, front desk"},
        ),
        Matter(
            "Battery is empty by noon",
            "It is from before the move.",
            {"why": "Broken", "where": "{city}, front desk"},
        ),
    ),
    talk=(
        ("Do you want to keep your number?", "Yes, it is on all my cards."),
        ("When did you last see it? Then I can look where it is.", "Yesterday at about eleven."),
    ),
    notes=("Locked from our side at once.", "Insurance informed."),
    holds=(("Atlantic Mobile", "The new card is on its way, they say two working days."),),
    held=0.2,
    done=(
        "The new phone is at the front desk in {city}. The old one is locked and wiped.",
        "Your number works on the new card. Mail is set up.",
        "Battery changed, good for another two years.",
    ),
    again=("It does not ring, only the voice mail answers.",),
)

NETWORK = Offer(
    department="it",
    slug="network",
    name="Network and meeting rooms",
    team="Systems",
    summary="Wireless, cables, working from afar, and the screens in the rooms.",
    category="help",
    icon="wifi",
    share=1.5,
    weights=PRESSING,
    held=0.12,
    gets=("Someone on the line or in the room",),
    needs=("Where, and how many of you have it",),
    fields=(
        WHAT,
        choice(
            "kind",
            "What is it about?",
            "Wireless",
            "Working from afar",
            "A meeting room",
            "A cable or socket",
        ),
        short("room", "Which room?", shown_when=["kind", "A meeting room"]),
        number("how_many", "How many of you have it?"),
        DETAILS,
    ),
    matters=(
        Matter(
            "VPN drops every hour in {city}",
            "Then it takes five minutes to come back. All of us on {floor} have it.",
            {"kind": "Working from afar", "how_many": "{n}"},
        ),
        Matter(
            "No picture on the screen in room {room}",
            "Visitors arrive at three.",
            {"kind": "A meeting room", "room": "{room}", "how_many": "1"},
            done=(
                "The cable behind the screen was loose. I fixed it to the wall so that it stays.",
            ),
        ),
        Matter(
            "Wireless is weak at the window desks",
            "Two metres further it is fine.",
            {"kind": "Wireless", "how_many": "{n}"},
        ),
        Matter(
            "Microphone in room {room} hums",
            "Those who dial in cannot follow.",
            {"kind": "A meeting room", "room": "{room}", "how_many": "1"},
        ),
        Matter(
            "Network socket for the new desk",
            "The desk is there, the socket is not.",
            {"kind": "A cable or socket", "how_many": "1"},
        ),
        Matter(
            "Guests cannot get onto the wireless",
            "The word on the card is refused.",
            {"kind": "Wireless", "how_many": "{n}"},
        ),
        Matter(
            "Slow from home since Friday",
            "Uploading pictures takes the whole evening.",
            {"kind": "Working from afar", "how_many": "1"},
        ),
    ),
    talk=(
        ("Does it happen at the same minute for all of you?", "Nearly, yes."),
        ("Could you try it once with a cable?", "With a cable it works."),
    ),
    notes=(
        "Switch on {floor} shows errors on two ports.",
        "Provider sees it too and has opened a case.",
    ),
    holds=(("Atlantic Fibre", "The line itself is at fault. The provider sends someone."),),
    done=(
        "The switch on {floor} had a fault. It is replaced, and the line has been steady for two hours.",
        "I moved the antenna and gave it another channel. Please try again.",
        "The card had an old word on it. New cards are at the front desk.",
    ),
    again=("It dropped again, twice this morning.",),
)

GENERAL = Offer(
    department="it",
    slug="general-request",
    name="General request",
    team="Service desk",
    summary="Anything about computers that fits nowhere else.",
    category="other",
    icon="laptop",
    share=0.7,
    is_general=True,
    sends_on=0.2,
    fields=(WHAT, long("details", "Tell us more", required=True)),
    matters=(
        Matter(
            "How do I send a very large file?",
            "The film is 40 GB and {customer} waits for it.",
            done=("I made you a folder for large files; the link to share is in it.",),
        ),
        Matter(
            "Screens for the Christmas party",
            "Could we borrow two for one evening?",
            done=("Two are reserved for you. Please bring them back the next morning.",),
        ),
        Matter(
            "Old computers for the school in {city}",
            "They asked whether we have some to spare.",
            done=("Five are wiped and ready. The school fetches them.",),
        ),
        Matter(
            "Somebody calls and says he is from IT",
            "He wanted my password. I gave none.",
            done=("Thank you, that was right. It was none of us; we have warned everyone.",),
        ),
        Matter(
            "Which program for signing papers?",
            "A customer wants to sign from afar.",
            done=("We use the one in the contract folder; {colleague_first} shows you how.",),
        ),
        Matter(
            "Short training for {n} of us",
            "Half of what the new calendar can do is unknown to us.",
            done=("An hour next week is in your calendars.",),
        ),
    ),
    talk=(("Until when do you need it?", "By the end of next week."),),
    done=("Done; tell me if it is not what you meant.",),
)

OFFERS = (NEW_LAPTOP, MONITOR, ACCESS, PASSWORD, REPAIR, MAILBOX, LICENCE, PHONE, NETWORK, GENERAL)
