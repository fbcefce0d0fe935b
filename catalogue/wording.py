"""The words for kinds of questions and for answers."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.fields import FormField, Kind

KINDS: dict[str, Promise] = {
    "short_text": gettext_lazy("one line of text"),
    "long_text": gettext_lazy("several lines of text"),
    "number": gettext_lazy("a number"),
    "date": gettext_lazy("a date"),
    "choice": gettext_lazy("one of several choices"),
    "choices": gettext_lazy("any of several choices"),
    "yes_no": gettext_lazy("yes or no"),
    "person": gettext_lazy("a colleague"),
    "department": gettext_lazy("a department"),
    "file": gettext_lazy("a file"),
}


def kind_words(kind: Kind) -> str:
    """What an answer of this kind is: "a date"."""
    return str(KINDS.get(kind, kind.replace("_", " ")))


def answer_words(asker: FormField | None, answer: str) -> str:
    """An answer on which a question depends, as it is read on the page."""
    if asker is not None and asker.kind is Kind.YES_NO:
        return {"yes": _("Yes"), "no": _("No")}.get(answer, answer)
    return answer
