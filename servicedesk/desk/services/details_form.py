"""The form in which a lead says what a service is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.actions import Details
from catalogue.errors import BadService
from catalogue.models import Category
from people.models import Department, User
from servicedesk.desk.services.icons import ICONS

LONGEST = 20_000
EVERYONE, SOME = "everyone", "some"
CHOOSE = {"invalid_choice": gettext_lazy("Choose one of those offered.")}


class DetailsForm(forms.Form):
    """A service's texts and rules. `details` is what the deeds of the catalogue take."""

    use_required_attribute = False

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("As a colleague would call it: “New laptop”."),
        max_length=80,
        error_messages={"required": gettext_lazy("Give the service a name.")},
    )
    summary = forms.CharField(
        label=gettext_lazy("In one line"),
        help_text=gettext_lazy("What you promise, in plain words."),
        max_length=200,
        error_messages={"required": gettext_lazy("Say in one line what you promise.")},
    )
    description = forms.CharField(
        label=gettext_lazy("Description"),
        help_text=gettext_lazy("Markdown: **strong**, lists with a dash, [links](https://…)."),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea({"rows": 6}),
    )
    what_you_get = forms.CharField(
        label=gettext_lazy("What you get"),
        help_text=gettext_lazy("One line each."),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    what_we_need = forms.CharField(
        label=gettext_lazy("What we need from you"),
        help_text=gettext_lazy("One line each."),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Category"),
        help_text=gettext_lazy("Where people look who do not know your department."),
        choices=Category.choices,
        error_messages=CHOOSE,
    )
    icon = forms.ChoiceField(
        label=gettext_lazy("Picture"), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    open_to = forms.ChoiceField(
        label=gettext_lazy("Who may ask for it?"),
        choices=[
            (EVERYONE, gettext_lazy("Everyone")),
            (SOME, gettext_lazy("Only people of some departments")),
        ],
        widget=forms.RadioSelect,
        error_messages=CHOOSE | {"required": gettext_lazy("Say who may ask for it.")},
    )
    audience = forms.MultipleChoiceField(
        label=gettext_lazy("Which departments?"),
        help_text=gettext_lazy("Counts only where not everyone may ask."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Choose among those offered.")},
    )
    team = forms.ChoiceField(
        label=gettext_lazy("Team"),
        help_text=gettext_lazy("Its new requests come to this team."),
        error_messages=CHOOSE | {"required": gettext_lazy("Choose the team that does it.")},
    )
    owner = forms.ChoiceField(
        label=gettext_lazy("Owner"),
        help_text=gettext_lazy("Who keeps these words and the form up to date."),
        required=False,
        error_messages=CHOOSE,
    )
    restricted = forms.BooleanField(
        label=gettext_lazy("Restricted: only the requester, the assignee and the team read it"),
        help_text=gettext_lazy(
            "For what is nobody else’s business. It holds for requests made from now on: those "
            "there are stay as they were asked."
        ),
        required=False,
    )
    revision = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        department: Department,
        now: Details | None = None,
        revision: int = 0,
    ) -> None:
        super().__init__(data, initial=_initial(now, revision))
        self.teams = {str(team.pk): team for team in department.teams.all()}
        self.people = {str(person.pk): person for person in _owners(department, now)}
        self.departments = {str(one.pk): one for one in Department.objects.all()}
        choose = {"": _("Choose a team")} if now is None and len(self.teams) > 1 else {}
        self._offer("team", choose | {pk: team.name for pk, team in self.teams.items()})
        self._offer(
            "owner", {"": _("Nobody yet")} | {k: one.name for k, one in self.people.items()}
        )
        self._offer("audience", {pk: one.name for pk, one in self.departments.items()})
        worn = [now.icon] if now and now.icon not in ICONS else []
        self._offer("icon", {name: name.replace("-", " ") for name in (*worn, *ICONS)})
        if data is None and now is None and len(self.teams) == 1:
            self.initial["team"] = next(iter(self.teams))

    @property
    def details(self) -> Details:
        """What the catalogue is told; only of a valid form."""
        given = self.cleaned_data
        return Details(
            name=given["name"],
            summary=given["summary"],
            description=given["description"],
            what_you_get=given["what_you_get"],
            what_we_need=given["what_we_need"],
            category=given["category"],
            icon=given["icon"],
            for_everyone=given["open_to"] == EVERYONE,
            audience=tuple(self.departments[pk] for pk in given["audience"]),
            team=self.teams[given["team"]],
            owner=self.people.get(given["owner"]),
            restricted=given["restricted"],
        )

    def refuse(self, bad: BadService) -> None:
        """Say why the catalogue would not take it, beside the field it names."""
        for name, message in bad.errors.items():
            field = "open_to" if name == "for_everyone" else name
            self.add_error(field if field in self.fields else None, message)

    def renew(self, revision: int) -> None:
        """Let what was typed be sent again, over what someone else has kept meanwhile."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data["revision"] = str(revision)
        self.data = data

    def _offer(self, name: str, choices: dict[str, str]) -> None:
        field: Any = self.fields[name]
        field.choices = list(choices.items())


def _owners(department: Department, now: Details | None) -> list[User]:
    """Those who work on the department's requests; and whoever owns it now."""
    works_there = Q(memberships__team__department=department)
    rule = works_there | Q(pk=now.owner.pk) if now and now.owner else works_there
    return list(User.objects.filter(rule, is_active=True).distinct().order_by("name", "pk"))


def _initial(now: Details | None, revision: int) -> dict[str, Any]:
    if now is None:
        return {"open_to": EVERYONE, "icon": "circle-question-mark", "category": Category.OTHER}
    return {
        "name": now.name,
        "summary": now.summary,
        "description": now.description,
        "what_you_get": now.what_you_get,
        "what_we_need": now.what_we_need,
        "category": now.category,
        "icon": now.icon,
        "open_to": EVERYONE if now.for_everyone else SOME,
        "audience": [str(one.pk) for one in now.audience],
        "team": str(now.team.pk),
        "owner": str(now.owner.pk) if now.owner else "",
        "restricted": now.restricted,
        "revision": revision,
    }
