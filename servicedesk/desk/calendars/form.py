"""The form in which a lead says when a department works: rows that come and go without script.

Every control is a field of its own, named for its row: "opens-0-1" is when Monday's second
interval opens. So what is refused stays as it was typed, with its sentence beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calendars import holidays_source, wording
from calendars.contents import Contents, Hours
from calendars.worktime import BadHours, CalendarNeverOpens
from people.zones import zone_names
from servicedesk.desk.calendars.reading import read_date, read_hours, read_time
from servicedesk.desk.calendars.rows import MOST_A_DAY, MOST_ROWS, numbers, rows_of

LONGEST_CLOSURE = 120
LONGEST_NAME = 60

_WORKED = re.compile(r"worked-(\d{4}-\d{2}-\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class IntervalRow:
    """One interval of a weekday."""

    opens: BoundField
    closes: BoundField
    remove: str
    label: str


@dataclass(frozen=True, slots=True)
class DayRows:
    """A weekday with its intervals."""

    number: int
    name: str
    rows: list[IntervalRow]

    @property
    def is_full(self) -> bool:
        """No more intervals fit."""
        return len(self.rows) >= MOST_A_DAY


@dataclass(frozen=True, slots=True)
class DateRow:
    """A closed day (or several in a row), or a day with hours of its own."""

    day: BoundField
    until: BoundField | None
    words: BoundField
    """Its name, or its hours."""
    remove: str
    note: str = ""
    is_over: bool = False
    """Its last day is in the past, and nothing is wrong with it."""


@dataclass(frozen=True, slots=True)
class HolidayRow:
    """A public holiday, and whether it is worked."""

    on: date
    name: str
    worked: BoundField
    is_special: bool


class HoursForm(forms.Form):
    """A calendar as it is typed. `contents` is what the calendar would say."""

    use_required_attribute = False

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("Such as “Office hours”, or “Night watch”."),
        max_length=80,
        error_messages={"required": gettext_lazy("Give the calendar a name.")},
    )
    zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Where the clock hangs: “Europe/Dublin”."),
        max_length=64,
        error_messages={"required": gettext_lazy("Say in which time zone the hours are.")},
        widget=forms.TextInput({"list": "zones", "autocomplete": "off", "spellcheck": "false"}),
    )
    country = forms.ChoiceField(
        label=gettext_lazy("Country"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the countries offered.")},
    )
    subdivision = forms.ChoiceField(
        label=gettext_lazy("Part of it"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose a part of this country, or all.")},
    )
    seen = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1
    )

    def __init__(self, typed: Mapping[str, str], *, now: datetime, judged: bool = True) -> None:
        """`typed` is what stands in the controls; `judged`: say what is wrong with it."""
        super().__init__(dict(typed) if judged else None, initial=dict(typed))
        self.typed, self.now = dict(typed), now
        self.contents: Contents | None = None
        self.merged: list[str] = []
        """Names of weekdays whose hours overlapped."""
        self._offer("country", {"": _("No public holidays")} | _countries())
        country = self.typed.get("country", "")
        parts = holidays_source.subdivision_names(country)
        self._offer("subdivision", {"": _("All of it")} | parts)
        self.has_parts = bool(parts)
        self.public = self._public_holidays()
        for name, field in self._controls():
            self.fields[name] = field

    # Rows

    @property
    def days(self) -> list[DayRows]:
        """The week."""
        return [
            DayRows(
                day,
                wording.weekday(day),
                [
                    IntervalRow(
                        self[f"opens-{day}-{row}"],
                        self[f"closes-{day}-{row}"],
                        f"hours-{day}-{row}",
                        _("%(day)s, interval %(number)d")
                        % {"day": wording.weekday(day), "number": place},
                    )
                    for place, row in enumerate(rows_of(self.typed, day), start=1)
                ],
            )
            for day in range(7)
        ]

    @property
    def closed_rows(self) -> list[DateRow]:
        """The department's own closed days."""
        return [
            DateRow(
                self[f"closed-{row}"],
                self[f"until-{row}"],
                self[f"named-{row}"],
                f"closed-{row}",
                is_over=self._is_over(row, "until", "closed"),
            )
            for row in numbers(self.typed, "closed")
        ]

    @property
    def special_rows(self) -> list[DateRow]:
        """Days with hours of their own."""
        found = []
        for row in numbers(self.typed, "special"):
            on = read_date(self.typed.get(f"special-{row}", ""))
            holiday = self.public.get(on, "") if on else ""
            note = _("%(holiday)s: worked with these hours.") % {"holiday": holiday}
            found.append(
                DateRow(
                    self[f"special-{row}"],
                    None,
                    self[f"at-{row}"],
                    f"special-{row}",
                    note if holiday else "",
                    self._is_over(row, "special"),
                )
            )
        return found

    @property
    def closed_over(self) -> list[DateRow]:
        """Those of the closed days that are over: kept, and folded away."""
        return [one for one in self.closed_rows if one.is_over]

    @property
    def special_over(self) -> list[DateRow]:
        """Those of the days with hours of their own that are over."""
        return [one for one in self.special_rows if one.is_over]

    def _is_over(self, row: int, *names: str) -> bool:
        """Whether the first of these that is given is a day before today, with no error."""
        typed = next(filter(None, (self.typed.get(f"{name}-{row}", "") for name in names)), "")
        on = read_date(typed)
        wrong = self.is_bound and any(name.endswith(f"-{row}") for name in self.errors)
        return on is not None and on < timezone.localdate(self.now) and not wrong

    @property
    def holidays(self) -> list[tuple[int, list[HolidayRow]]]:
        """The public holidays of this year and the next."""
        special = {read_date(value) for name, value in self._named("special")}
        years: dict[int, list[HolidayRow]] = {}
        for on, name in self.public.items():
            field = self[f"worked-{on.isoformat()}"]
            years.setdefault(on.year, []).append(HolidayRow(on, name, field, on in special))
        return list(years.items())

    @property
    def hidden_rows(self) -> list[BoundField]:
        """Holidays worked in other years: kept as they are."""
        shown = {f"worked-{on.isoformat()}" for on in self.public}
        return [self[name] for name, _value in self._worked() if name not in shown]

    # Judging

    def clean(self) -> dict[str, Any]:
        """Put together what the calendar would say; what is wrong stands beside its control."""
        given = super().clean() or self.cleaned_data
        zone = given.get("zone", "")
        if zone and zone not in zone_names():
            self.add_error(
                "zone",
                _("There is no time zone “%(zone)s”. Choose one, such as Europe/Dublin.")
                % {"zone": zone},
            )
        hours = {day: hours for day in range(7) if (hours := self._hours_of(day))}
        closed, special = self._closed(), self._special()
        for on, row in special[1].items():
            if on in closed:
                self.add_error(
                    f"special-{row}",
                    _("%(day)s is one of your closed days. Remove it from one of the two lists.")
                    % {"day": wording.day(on)},
                )
        if not self.errors.keys() - {"name"}:  # what it means can be seen before it has a name
            self._put_together(zone, hours, closed, special[0])
        return given

    def refuse(self, message: str, field: str | None = None) -> None:
        """Say what was not liked."""
        self.add_error(field, message)

    def _put_together(
        self,
        zone: str,
        hours: dict[int, Hours],
        closed: dict[date, str],
        special: dict[date, Hours],
    ) -> None:
        country, part = self.cleaned_data["country"], self.cleaned_data["subdivision"]
        worked = {date.fromisoformat(name[len("worked-") :]) for name, _value in self._worked()}
        public = holidays_source.public_holidays(
            country, part, {on.year for on in (*worked, *special)}
        )
        said = Contents(
            zone=zone,
            hours=hours,
            country=country,
            subdivision=part,
            own_closed=closed,
            removed_holidays=frozenset((worked | set(special)) & set(public)),
            special=special,
        )
        try:
            said.work_calendar(self.now)
        except CalendarNeverOpens:
            self.add_error(None, wording.never_opens(has_hours=bool(hours or special)))
            return
        except BadHours as wrong:  # each of its fields was read before
            self.add_error(None, str(wrong))
            return
        tidy = said.tidy()
        self.merged = [
            wording.weekday(day)
            for day, given in said.hours.items()
            if len(tidy.hours[day]) < len(given)
        ]
        self.contents = tidy

    def _hours_of(self, day: int) -> Hours:
        found = []
        for row in rows_of(self.typed, day):
            opens, closes = (
                self._time(f"{which}-{day}-{row}", which) for which in ("opens", "closes")
            )
            if opens and closes:
                found.append((opens, closes))
        return tuple(found)

    def _time(self, name: str, which: str) -> str:
        day, row = name.split("-")[1:]
        other = "closes" if which == "opens" else "opens"
        typed = self.typed.get(name, "").strip()
        if not typed:
            if self.typed.get(f"{other}-{day}-{row}", "").strip():
                self.add_error(
                    name, _("Say when it opens.") if which == "opens" else _("Say when it closes.")
                )
            return ""
        read = read_time(typed)
        if not read:
            self.add_error(
                name, _("“%(typed)s” is no time. Write it as 09:00.") % {"typed": typed[:20]}
            )
        elif read == "24:00" and which == "opens":
            self.add_error(name, _("Nothing opens at 24:00. Use 00:00 of the next day."))
            return ""
        return read

    def _date(self, name: str) -> date | None:
        typed = self.typed.get(name, "").strip()
        read = read_date(typed)
        if read is None:
            self.add_error(
                name,
                _("“%(typed)s” is no date. Write it as 2026-12-24.") % {"typed": typed[:20]}
                if typed
                else _("Say on which day."),
            )
        elif not 2000 <= read.year <= 2100:
            self.add_error(name, _("Give a date between the years 2000 and 2100."))
            return None
        return read

    def _closed(self) -> dict[date, str]:
        found: dict[date, str] = {}
        for row in numbers(self.typed, "closed"):
            first, until, words = (
                self.typed.get(f"{which}-{row}", "").strip()
                for which in ("closed", "until", "named")
            )
            if not (first or until or words):
                continue
            on = self._date(f"closed-{row}")
            last = self._date(f"until-{row}") if until else on
            if not words:
                self.add_error(f"named-{row}", _("Say why it is closed: “Summer outing”."))
            if on is None or last is None:
                continue
            if not timedelta(0) <= last - on <= timedelta(days=LONGEST_CLOSURE):
                self.add_error(
                    f"until-{row}",
                    _("The last day comes after the first, within %(most)d days.")
                    % {"most": LONGEST_CLOSURE},
                )
                continue
            for number in range((last - on).days + 1):
                found[on + timedelta(days=number)] = words
        return found

    def _special(self) -> tuple[dict[date, Hours], dict[date, int]]:
        """The hours by date, and in which row each stands."""
        found: dict[date, Hours] = {}
        rows: dict[date, int] = {}
        for row in numbers(self.typed, "special"):
            day, at = (self.typed.get(f"{which}-{row}", "").strip() for which in ("special", "at"))
            if not (day or at):
                continue
            on, hours = self._date(f"special-{row}"), read_hours(at)
            if hours is None:
                self.add_error(
                    f"at-{row}",
                    _("“%(typed)s” are no hours. Write them as 09:00–12:00, 13:00–15:00.")
                    % {"typed": at[:40]},
                )
            elif not hours:
                self.add_error(
                    f"at-{row}", _("Give its hours, or put it among your closed days instead.")
                )
            if on is not None and on in found:
                self.add_error(f"special-{row}", _("This day stands in the list already."))
            elif on is not None and hours:
                found[on], rows[on] = hours, row
        return found, rows

    # Controls

    def _controls(self) -> Iterator[tuple[str, forms.Field]]:
        for day in range(7):
            for row in rows_of(self.typed, day):
                yield f"opens-{day}-{row}", _time_field(_("opens"))
                yield f"closes-{day}-{row}", _time_field(_("closes"))
        for row in numbers(self.typed, "closed"):
            yield f"closed-{row}", _date_field(_("Day"))
            yield f"until-{row}", _date_field(_("Last day, if several"))
            yield f"named-{row}", _words_field(_("Name"))
        for row in numbers(self.typed, "special"):
            yield f"special-{row}", _date_field(_("Day"))
            yield f"at-{row}", _words_field(_("Hours"), placeholder="09:00–12:00")
        for on in self.public:
            yield f"worked-{on.isoformat()}", forms.BooleanField(required=False)
        shown = {on.isoformat() for on in self.public}
        for name, _value in self._worked():
            if name[len("worked-") :] not in shown:
                yield name, forms.CharField(required=False, widget=forms.HiddenInput)

    def _public_holidays(self) -> dict[date, str]:
        year = self.now.year
        country, part = (self.typed.get(name, "") for name in ("country", "subdivision"))
        if country not in _countries():
            return {}
        part = part if part in holidays_source.subdivision_names(country) else ""
        return holidays_source.public_holidays(country, part, (year, year + 1))

    def _worked(self) -> list[tuple[str, str]]:
        found = []
        for name, value in self.typed.items():
            match = _WORKED.fullmatch(name)
            if match and value and read_date(match[1]) is not None:
                found.append((name, value))
        return found[:MOST_ROWS]

    def _named(self, which: str) -> list[tuple[str, str]]:
        return [
            (f"{which}-{row}", self.typed.get(f"{which}-{row}", ""))
            for row in numbers(self.typed, which)
        ]

    def _offer(self, name: str, choices: dict[str, str]) -> None:
        field: Any = self.fields[name]
        field.choices = list(choices.items())


def _countries() -> dict[str, str]:
    return holidays_source.country_names()


def _time_field(label: str) -> forms.Field:
    attrs = {"inputmode": "numeric", "placeholder": "09:00", "autocomplete": "off", "maxlength": 8}
    return forms.CharField(label=label, required=False, widget=forms.TextInput(attrs))


def _date_field(label: str) -> forms.Field:
    return forms.CharField(
        label=label, required=False, max_length=40, widget=forms.DateInput({"type": "date"})
    )


def _words_field(label: str, placeholder: str = "") -> forms.Field:
    attrs = {"placeholder": placeholder} if placeholder else {}
    longest = 200 if placeholder else LONGEST_NAME
    widget = forms.TextInput(attrs | {"autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=longest, widget=widget)
