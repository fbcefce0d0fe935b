"""What people say around the matter itself: greetings, news, thanks, reasons. Pure data.

Each {name} is filled in by the story.
"""

# ruff: noqa: E501  a text stands on one line

from __future__ import annotations

HELLOS = ("Hello {me},", "Good morning {me},", "Hi {me},", "Dear {me},", "{me},", "")
"""How an agent begins; {me} is the requester's first name."""
PARTINGS = ("", "", "", "Best, {agent}", "{agent}", "Kind regards, {agent}")

ACKS = (
    "thank you, I have it and look at it today.",
    "I have your request. You hear from me as soon as I know more.",
    "this is with me now. I begin with it this afternoon.",
    "got it. I ask a colleague who knows this best and come back to you.",
    "I have started. If anything changes on your side, write here.",
    "thanks for writing. I put it on my list for tomorrow morning.",
    "I can do that. Give me a little time.",
    "clear, and nothing is missing. I am on it.",
)
ANSWERED = (
    "thank you, that is what I needed. I go on with it.",
    "thanks, clear now. You hear from me when it is done.",
    "good, then I know enough.",
    "thank you for the quick answer. I take it from here.",
    "got it, thanks. It is next on my list.",
)
NEWS = (
    "a short word so that you know: I am half-way.",
    "it takes a little longer than I thought, but I have not forgotten you.",
    "one step is done, one is left.",
    "I have tried two ways; the second one looks good.",
    "we are nearly there. I check it once more before I hand it over.",
    "still on it. The person I need is back tomorrow.",
)
LATE_NEWS = (
    "I am sorry, we are late with this. It comes first tomorrow.",
    "this should have been done by now. I am sorry; I have asked for help.",
    "I know that you are waiting. Two of us are ill, we catch up this week.",
)
FOLLOW_UPS = (
    "Is there any news?",
    "I do not want to press, but could you tell me when?",
    "One more thing: {colleague_first} needs to know as well.",
    "Thank you, good to know.",
    "It has become a little more urgent, {customer} is asking.",
)
THANKS = (
    "Thank you, that was quick!",
    "Works. Thank you!",
    "Perfect, thank you {agent}.",
    "Many thanks, also from {colleague_first}.",
    "That is just what I needed.",
)
NO_ANSWER = (
    "I have heard nothing for some days, so I take it that this is settled. Write here if it is not.",
    "As there was no answer I put this down. One line from you and I go on.",
)
NUDGES = (
    "did you see my question above? I can go on as soon as I know.",
    "a gentle reminder: I still need your answer.",
)
NOTES = (
    "Spoke with {me} on the phone, all clear.",
    "Similar to one from {city} two weeks ago.",
    "If I am away tomorrow: everything is in the shared folder.",
    "They can work on meanwhile, I asked.",
    "{lead_first} knows about it.",
    "Please do not close before the end of the week.",
)
HAND_OVERS = (
    "I am away from tomorrow, {colleague_agent} goes on with it.",
    "{colleague_agent} knows this better than I do.",
    "Too much on my table; {colleague_agent} has offered to take it.",
)
RELEASES = ("Back to the queue, I am ill from this afternoon.", "Cannot get to it this week.")
ASSIGN_NOTES = (
    "{colleague_agent}, could you take this one?",
    "For {colleague_agent}, who did the last one.",
)
APPROVAL_ASKED = (
    "{approver}, do you agree? It is about {price} euro.",
    "{approver}, {me} asks for this; it goes to your cost centre.",
    "Please say yes or no, {approver}. I order once I know.",
)
APPROVED = (
    "Yes, it is in the budget.",
    "Agreed.",
    "Yes, please. High time.",
    "Fine with me, for this year.",
    "",
)
REFUSED = (
    "Not this quarter, I am sorry. Ask me again in the new year.",
    "We have two of these lying around. Please take one of them.",
    "I would rather wait until the team has grown.",
)
DECLINED_AFTER = (
    "{approver} has not agreed, so I end this here. The reason stands above.",
    "without a yes from {approver} I cannot go on. Please talk it over; I keep the papers.",
)
CANCELS = (
    "It has solved itself.",
    "No longer needed, thank you.",
    "I found one in the cupboard.",
    "{colleague_first} asked for the same already.",
    "The meeting is off.",
    "",
)
REOPENS = ("I am afraid it is not quite done.", "Sorry to come back so soon.")
SOLVED_AGAIN = (
    "now it should hold. I watched it for a while.",
    "you were right, I had missed something. It is corrected.",
    "sorry for the trouble; this time I tried it from your side.",
)
RAISED = (
    "A customer feels it, so it cannot wait.",
    "More people have it than we thought: the whole of {floor}.",
    "They have a date to keep. Up one.",
)
LOWERED = ("They have a spare, it can wait.", "Only one person has it, I asked.")
WRONG_TURN = (
    "This is yours: {there}. We only have the door beside it.",
    "Came to us by mistake, it belongs to {there}.",
    "Nobody here does that. {there} does, I asked.",
    "Wrong department. I told {me} that you have it now.",
)
SENT_ON = (
    "Found out who does this: {there}.",
    "For {there}. I spoke with them, they expect it.",
    "{there} does this. Nothing for us to do.",
)
SAME_HOUSE = (
    "This goes better through “{there}”.",
    "Moved to “{there}”, the right people see it there.",
)

HANDED_ON: dict[tuple[str, str], tuple[str, str, str]] = {
    ("it", "licence"): (
        "procurement",
        "buy",
        "Above what we may buy ourselves. Please order it; I set it up afterwards.",
    ),
    ("it", "repair"): ("it", "network", "The computer is well; it is the network on {floor}."),
    ("it", "monitor"): ("procurement", "buy", "Not in the store any more. Please buy two."),
    ("facilities", "broken"): (
        "it",
        "network",
        "The light is fine, it is the screen behind it. Yours, I think.",
    ),
    ("facilities", "door-access"): (
        "it",
        "access",
        "The doors are open to them; it is the account that is not.",
    ),
    ("finance", "invoice"): (
        "procurement",
        "new-supplier",
        "They are not in the ledger yet. Please open the account first.",
    ),
    ("sales", "order-question"): (
        "finance",
        "credit-note",
        "Paid twice, as far as we can see. Only you can give it back.",
    ),
    ("marketing", "website"): (
        "design",
        "photo",
        "The text is done; what is missing is a picture.",
    ),
    ("data", "wrong-numbers"): (
        "it",
        "repair",
        "The figures are right. The program shows them wrongly.",
    ),
    ("legal", "nda"): (
        "legal",
        "contract",
        "More than a promise of silence: they want a contract.",
    ),
    ("people", "leave"): ("people", "travel", "They ask for a journey, not for a holiday."),
}
"""Where a request of a service may go on to, and why."""

PRAISE: dict[int, tuple[str, ...]] = {
    5: (
        "Quick and friendly. Thank you!", "{agent} explained it so that I understood.",
        "Better than I had asked for.", "It was done before I had my coffee.",
        "I did not have to ask twice.", "They thought of something I had forgotten.",
    ),
    4: (
        "All good. A word in between would have been nice.", "Done well.",
        "Took a day longer than I thought, but it works.", "Fine, thank you.",
    ),
    3: (
        "It works, but I had to ask where it stood.", "Right in the end.",
        "I told the same story to three people.", "Slower than last time.",
    ),
    2: (
        "Nobody told me that it would be late.", "I got an answer on the day I no longer needed it.",
        "I had to write three times.", "The answer was not to my question.",
    ),
    1: (
        "We lost a customer's day over this.", "Two weeks of silence.",
        "It was closed before it was done.", "I gave up and did it myself.",
    ),
}  # fmt: skip
PRAISE_OF: dict[str, dict[int, tuple[str, ...]]] = {
    "legal": {
        5: ("Oonagh saw what I had missed on page 4.", "Careful and clear. Worth the wait."),
        2: ("The customer asked me every day, and I had nothing to tell them.",
            "Good remarks, a week too late."),
        1: ("We promised the customer ten days. It took twenty-two.",),
    },
    "facilities": {
        5: ("They came the same day and even swept.",),
        2: ("The third time I write about the same door.", "Others on our floor were served first."),
    },
    "finance": {
        5: ("The money was there before the bill of my card.",),
        2: ("At the end of the month nobody answers.",),
    },
    "it": {
        5: ("Aoife brought it to my desk and stayed until it worked.", "An answer within minutes."),
        2: ("Quick to answer, slow to mend.", "I was told on Monday that it is Monday."),
    },
}  # fmt: skip

CUSTOMERS = (
    "Alder & Sons", "Casa Ribeira", "Baltic Ferries", "Hotel Estrela", "Kelp Kitchens", "Marlow Retail",
    "Sokół Logistyka", "Quinta do Vale", "Fennel Cafés", "Dunmore Hotels", "Zielona Apteka",
    "Bay Street Books", "Café Bruma", "Pensão Central", "Nordlys Cabins", "Grand Hotel Wawel",
    "Tram Nine Coffee", "The Linen Room", "Ostra & Filhos", "Hostel Kazimierz",
)  # fmt: skip
VENDORS = (
    "Copperline Computers", "Keller Lifts and Doors", "Prisma Print", "Hingeworks", "Lumen Electric",
    "Tartak Beskid", "Papéis do Norte", "Swiftways", "Oakfield Timber", "Lakier Mazovia",
    "Brass & Bolt", "Cork and Cloth",
)  # fmt: skip
CAMPAIGNS = (
    "the Kraków trade fair", "“Oak for life”", "the spring catalogue", "the open day",
    "“Sit down, stay a while”", "the Lisbon design week", "the harbour chair",
)  # fmt: skip
COUNTRIES = ("Ireland", "Portugal", "Poland", "Germany", "Spain", "Denmark")
WORDS = ("krakow", "fair", "spring", "studio", "stand", "press", "orders-pl", "openday", "harbour")
NEWCOMERS = (
    "Lena Brandt", "Mateusz Wilk", "Ivone Faria", "Saoirse Kearney", "Tomé Guerra", "Ada Sowa",
    "Killian Roche", "Marlene Dias", "Jowita Klimek", "Fiadh Tobin", "Rafaela Bento", "Igor Pilch",
)  # fmt: skip
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
