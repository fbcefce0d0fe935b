"""The form that takes a directory in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.directory import LARGEST
from servicedesk.administration.forms.base import Form


class DirectoryForm(Form):
    """A CSV, and whether who is not in it leaves."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV, up to 10 MB. Nothing changes before you have seen what would."
        ),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )
    leavers = forms.BooleanField(
        label=gettext_lazy("Who is not in the file leaves (only if it holds everyone)"),
        required=False,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(_("The file is larger than 10 MB."))
        return file
