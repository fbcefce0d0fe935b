"""Who works at Harbour & Pine: ten departments in three cities, 260 people, their teams and hours.

Pure: the same company each time, without a database.
"""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache

from calendars.holidays_source import public_holidays
from calendars.worktime import Intervals, WorkCalendar

NAME = "Harbour & Pine"
REPORTING_ZONE = "Europe/Dublin"
MAIL_DOMAIN = "harbourpine.example"


@dataclass(frozen=True, slots=True)
class Office:
    """Where people sit."""

    city: str
    zone: str
    country: str
    rooms: tuple[str, ...]
    floors: tuple[str, ...]


OFFICES = {
    "dublin": Office(
        "Dublin",
        "Europe/Dublin",
        "IE",
        ("Liffey", "Howth", "Dalkey", "Skellig", "Burren"),
        ("the ground floor", "the second floor", "the third floor", "the quay side"),
    ),
    "lisbon": Office(
        "Lisbon",
        "Europe/Lisbon",
        "PT",
        ("Tejo", "Sintra", "Alfama", "Belém"),
        ("the first floor", "the studio", "the top floor"),
    ),
    "krakow": Office(
        "Kraków",
        "Europe/Warsaw",
        "PL",
        ("Wisła", "Wawel", "Tatry", "Kazimierz"),
        ("the second floor", "the fourth floor", "the courtyard side"),
    ),
}

_LUNCH: Intervals = (("09:00", "12:30"), ("13:30", "17:30"))


@dataclass(frozen=True, slots=True)
class DepartmentPlan:
    """A department, as it is set up."""

    key: str
    slug: str
    name: str
    does: str
    icon: str
    office: str
    offices: dict[str, int]
    """How many of its people sit where."""
    teams: dict[str, int]
    """How many agents each team has."""
    hours: Intervals = _LUNCH

    @property
    def size(self) -> int:
        """How many work there."""
        return sum(self.offices.values())


DEPARTMENTS: tuple[DepartmentPlan, ...] = (
    DepartmentPlan(
        "IT", "it", "IT", "Computers, accounts, systems and the people who mend them", "laptop",
        "dublin", {"dublin": 16, "lisbon": 4, "krakow": 6},
        {"Service desk": 7, "Accounts and access": 4, "Systems": 4},
        (("08:00", "18:00"),),
    ),
    DepartmentPlan(
        "PPL", "people", "People", "Joining, working and leaving; pay, leave and travel", "users",
        "dublin", {"dublin": 11, "lisbon": 4, "krakow": 3},
        {"People desk": 4, "Pay and contracts": 3},
    ),
    DepartmentPlan(
        "FAC", "facilities", "Facilities", "Offices, rooms, doors, desks and what comes by post",
        "building-2", "dublin", {"dublin": 11, "lisbon": 5, "krakow": 4},
        {"Front desk": 4, "Buildings": 4},
        (("08:00", "12:00"), ("12:30", "16:30")),
    ),
    DepartmentPlan(
        "FIN", "finance", "Finance", "Invoices, expenses, budgets and the books", "landmark",
        "krakow", {"krakow": 15, "dublin": 10, "lisbon": 3},
        {"Payables": 5, "Budgets and books": 3},
        (("08:30", "12:30"), ("13:00", "16:30")),
    ),
    DepartmentPlan(
        "LEG", "legal", "Legal", "Contracts, rights, privacy and quiet advice", "scale",
        "lisbon", {"lisbon": 6, "dublin": 6},
        {"Contracts": 4, "Advice": 3},
        (("09:30", "13:00"), ("14:00", "18:00")),
    ),
    DepartmentPlan(
        "PRO", "procurement", "Procurement", "Buying well, and the suppliers we buy from",
        "shopping-cart", "krakow", {"krakow": 8, "dublin": 6},
        {"Buying": 5},
    ),
    DepartmentPlan(
        "MKT", "marketing", "Marketing", "Campaigns, fairs, the website and the newsroom",
        "megaphone", "lisbon", {"lisbon": 22, "dublin": 8, "krakow": 4},
        {"Campaigns": 4},
    ),
    DepartmentPlan(
        "SAL", "sales", "Sales", "Customers, offers and orders", "handshake",
        "dublin", {"dublin": 34, "lisbon": 10, "krakow": 12},
        {"Sales operations": 4},
    ),
    DepartmentPlan(
        "DSG", "design", "Design", "Pictures, layouts, film and the look of everything we make",
        "palette", "krakow", {"krakow": 17, "lisbon": 7},
        {"Studio": 6},
        (("09:30", "13:00"), ("13:30", "17:30")),
    ),
    DepartmentPlan(
        "DAT", "data", "Data", "Reports, dashboards and the warehouse behind them", "chart-column",
        "krakow", {"krakow": 18, "dublin": 10},
        {"Reporting": 4, "Warehouse": 3},
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """Someone who works there."""

    number: int
    name: str
    department: str
    office: str
    team: str = ""
    """The team of agents, if any."""
    is_lead: bool = False
    manages: str = ""
    """The department whose figures the person reads; "*" is the organisation."""
    is_administrator: bool = False

    @property
    def employee_number(self) -> str:
        """As the directory has it."""
        return f"HP{self.number:04d}"

    @property
    def email(self) -> str:
        """first.last@…, in plain letters."""
        return f"{_plain(self.name)}@{MAIL_DOMAIN}"

    @property
    def first(self) -> str:
        """What colleagues call out."""
        return self.name.split(" ", 1)[0]

    @property
    def zone(self) -> str:
        """Where their clock hangs."""
        return OFFICES[self.office].zone


# People with a part of their own: (name, department, office, team, lead, manages, administrator).
# The first with a team and the mark is the department's lead; `manages` makes a head.
_CAST: tuple[tuple[str, str, str, str, bool, str, bool], ...] = (
    ("Maeve Kelly", "finance", "dublin", "", False, "*", False),
    ("Siobhán Walsh", "it", "dublin", "", False, "", True),
    ("Fergal Nolan", "it", "dublin", "", False, "it", False),
    ("Niamh O’Sullivan", "it", "dublin", "Service desk", True, "", False),
    ("Tomasz Zieliński", "it", "krakow", "Service desk", False, "", False),
    ("Aoife Brennan", "it", "dublin", "Service desk", False, "", False),
    ("Ciarán Doyle", "it", "dublin", "Accounts and access", False, "", False),
    ("Teresa Moreira", "people", "lisbon", "", False, "people", False),
    ("Gráinne Daly", "people", "dublin", "People desk", True, "", False),
    ("Pádraig Hayes", "facilities", "dublin", "", False, "facilities", False),
    ("Duarte Lopes", "facilities", "lisbon", "Front desk", True, "", False),
    ("Katarzyna Mazur", "finance", "krakow", "", False, "finance", False),
    ("Bartosz Sikora", "finance", "krakow", "Payables", True, "", False),
    ("Helena Vasconcelos", "legal", "lisbon", "", False, "legal", False),
    ("Rui Fonseca", "legal", "lisbon", "Contracts", True, "", False),
    ("Oonagh Fitzgerald", "legal", "dublin", "Contracts", False, "", False),
    ("Cormac Reilly", "legal", "dublin", "Advice", True, "", False),
    ("Halina Wrona", "procurement", "krakow", "", False, "procurement", False),
    ("Jakub Urban", "procurement", "krakow", "Buying", True, "", False),
    ("Marta Lis", "marketing", "krakow", "", False, "marketing", False),
    ("Inês Carvalho", "marketing", "lisbon", "", False, "", False),
    ("João Pereira", "marketing", "lisbon", "", False, "", False),
    ("Beatriz Almeida", "marketing", "lisbon", "", False, "", False),
    ("Zofia Kamińska", "marketing", "krakow", "", False, "", False),
    ("Miguel Tavares", "marketing", "lisbon", "Campaigns", True, "", False),
    ("Declan Murphy", "sales", "dublin", "", False, "sales", False),
    ("Róisín Byrne", "sales", "dublin", "Sales operations", True, "", False),
    ("Agnieszka Król", "design", "krakow", "", False, "design", False),
    ("Zuzanna Pawlak", "design", "krakow", "Studio", True, "", False),
    ("Wojciech Baran", "data", "krakow", "", False, "data", False),
    ("Eoin Gallagher", "data", "dublin", "Reporting", True, "", False),
)

_FIRST = {
    "dublin": (
        ("Aisling", "Caoimhe", "Deirdre", "Emer", "Fionnuala", "Gráinne", "Laoise", "Mairéad",
         "Nuala", "Orla", "Róisín", "Sinéad", "Sorcha", "Treasa", "Úna", "Clodagh", "Bríd",
         "Eimear"),
        ("Brendan", "Cathal", "Colm", "Conor", "Dáithí", "Diarmuid", "Donal", "Eamon", "Fintan",
         "Lorcan", "Niall", "Oisín", "Pádraig", "Rónán", "Ruairí", "Seán", "Tadhg", "Cillian"),
    ),
    "lisbon": (
        ("Ana", "Carolina", "Catarina", "Cláudia", "Diana", "Filipa", "Joana", "Leonor", "Mafalda",
         "Margarida", "Mariana", "Matilde", "Rita", "Sara", "Sofia", "Vera"),
        ("Afonso", "André", "António", "Bruno", "Diogo", "Francisco", "Gonçalo", "Hugo", "Luís",
         "Manuel", "Nuno", "Pedro", "Ricardo", "Rodrigo", "Tiago", "Vasco"),
    ),
    "krakow": (
        ("Alicja", "Aleksandra", "Barbara", "Dorota", "Ewa", "Hanna", "Iga", "Joanna", "Kinga",
         "Magdalena", "Małgorzata", "Natalia", "Olga", "Paulina", "Weronika", "Wiktoria"),
        ("Adam", "Dawid", "Filip", "Grzegorz", "Jan", "Kacper", "Krzysztof", "Łukasz", "Maciej",
         "Marcin", "Marek", "Michał", "Paweł", "Piotr", "Szymon", "Tadeusz"),
    ),
}  # fmt: skip
_LAST = {
    "dublin": (
        "Kavanagh", "O’Connor", "McCarthy", "Doherty", "Kennedy", "Lynch", "Quinn", "McLoughlin",
        "O’Reilly", "Connolly", "Dunne", "Burke", "Collins", "Clarke", "Hughes", "Farrell",
        "Fitzpatrick", "Moran", "Healy", "Sheehan", "Whelan", "Keane", "Cullen", "Maguire",
        "Flanagan", "Power", "Corrigan", "Tierney", "Molloy", "Hennessy",
    ),
    "lisbon": (
        "Silva", "Santos", "Ferreira", "Oliveira", "Costa", "Rodrigues", "Martins", "Sousa",
        "Gonçalves", "Gomes", "Marques", "Ribeiro", "Pinto", "Teixeira", "Correia", "Mendes",
        "Nunes", "Vieira", "Cardoso", "Rocha", "Neves", "Machado", "Cunha", "Pires",
    ),
    "krakow": (
        "Nowak", "Kowalsk*", "Wiśniewsk*", "Wójcik", "Kowalczyk", "Lewandowsk*", "Szymańsk*",
        "Woźniak", "Dąbrowsk*", "Kozłowsk*", "Jankowsk*", "Kwiatkowsk*", "Wojciechowsk*",
        "Krawczyk", "Kaczmarek", "Piotrowsk*", "Grabowsk*", "Pawłowsk*", "Michalsk*", "Wieczorek",
        "Jabłońsk*", "Majewsk*", "Olszewsk*", "Malinowsk*",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Company:
    """Everyone, and when everyone works."""

    people: tuple[PersonPlan, ...]
    calendars: dict[str, WorkCalendar]
    """The hours of each department, by its slug."""
    office_hours: dict[str, WorkCalendar]
    """When people are about in each office."""
    by_email: dict[str, PersonPlan] = field(default_factory=dict)
    by_department: dict[str, tuple[PersonPlan, ...]] = field(default_factory=dict)

    def of(self, department: str) -> tuple[PersonPlan, ...]:
        """Who works in the department."""
        return self.by_department.get(department, ())

    def agents(self, department: str, team: str) -> list[PersonPlan]:
        """Who works on the team's requests."""
        return [one for one in self.of(department) if one.team == team]

    def lead(self, department: str) -> PersonPlan:
        """Who leads the department's agents."""
        return next(one for one in self.of(department) if one.is_lead)

    def head(self, department: str) -> PersonPlan:
        """Who answers for the department."""
        return next(one for one in self.people if one.manages == department)

    def named(self, name: str) -> PersonPlan:
        """The person of that name."""
        return next(one for one in self.people if one.name == name)


def department(slug: str) -> DepartmentPlan:
    """The plan of the department with that slug."""
    return next(one for one in DEPARTMENTS if one.slug == slug)


def hours_of(plan: DepartmentPlan) -> dict[int, Intervals]:
    """A department's weekly hours."""
    return dict.fromkeys(range(5), plan.hours)


def special_days(plan: DepartmentPlan, years: range) -> dict[date, Intervals]:
    """Christmas Eve and New Year's Eve end at lunch (in Poland the first is a holiday now)."""
    days = [date(year, 12, day) for year in years for day in (24, 31)]
    return {
        day: plan.hours[:1] if plan.hours[0][1] <= "13:00" else (("08:00", "13:00"),)
        for day in days
        if day.weekday() < 5 and not (plan.office == "krakow" and day.day == 24)
    }


@cache
def company(first_year: int, last_year: int) -> Company:
    """The whole company; calendars know the holidays of these years."""
    years = range(first_year, last_year + 1)
    people = _people()
    calendars = {}
    for plan in DEPARTMENTS:
        office = OFFICES[plan.office]
        calendars[plan.slug] = WorkCalendar(
            office.zone,
            hours_of(plan),
            set(public_holidays(office.country, "", years)),
            special_days(plan, years),
        )
    about = {
        key: WorkCalendar(
            one.zone,
            dict.fromkeys(range(5), (("08:30", "18:00"),)),
            set(public_holidays(one.country, "", years)),
        )
        for key, one in OFFICES.items()
    }
    by_department = {
        plan.slug: tuple(one for one in people if one.department == plan.slug)
        for plan in DEPARTMENTS
    }
    return Company(people, calendars, about, {one.email: one for one in people}, by_department)


def _people() -> tuple[PersonPlan, ...]:
    rng = random.Random("Harbour & Pine, its people")  # noqa: S311  # guards nothing  # nosec B311
    people: list[PersonPlan] = []
    taken: set[str] = {_plain(row[0]) for row in _CAST}
    for plan in DEPARTMENTS:
        members = [
            PersonPlan(0, name, slug, office, team, lead, manages, administrator)
            for name, slug, office, team, lead, manages, administrator in _CAST
            if slug == plan.slug
        ]
        free = dict(plan.offices)
        for one in members:
            free[one.office] = free.get(one.office, 0) - 1
        seats = [office for office, count in free.items() for _ in range(max(count, 0))]
        missing = dict(plan.teams)
        for one in members:
            if one.team:
                missing[one.team] -= 1
        teams = [team for team, count in missing.items() for _ in range(max(count, 0))]
        rng.shuffle(seats)
        for seat in seats[: plan.size - len(members)]:
            team = teams.pop(0) if teams else ""
            members.append(PersonPlan(0, _new_name(rng, seat, taken), plan.slug, seat, team))
        people.extend(members)
    return tuple(replace(one, number=number) for number, one in enumerate(people, start=101))


def _new_name(rng: random.Random, office: str, taken: set[str]) -> str:
    """A name of the office's country, or sometimes of another, that nobody has yet."""
    where = office if rng.random() < 0.85 else rng.choice(sorted(_FIRST))
    while True:
        woman = rng.random() < 0.5
        first = rng.choice(_FIRST[where][0 if woman else 1])
        last = rng.choice(_LAST[where]).replace("*", "a" if woman else "i")
        if _plain(f"{first} {last}") not in taken:
            taken.add(_plain(f"{first} {last}"))
            return f"{first} {last}"


@cache
def _plain(name: str) -> str:
    """Letters that any mail system takes: Zieliński is zielinski."""
    folded = unicodedata.normalize("NFKD", name.lower().replace("ł", "l"))
    kept = "".join(letter for letter in folded if letter.isascii() and letter in _KEPT)
    return kept.replace(" ", ".")


_KEPT = frozenset("abcdefghijklmnopqrstuvwxyz- ")
