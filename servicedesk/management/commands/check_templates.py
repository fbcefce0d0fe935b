"""Every template of ours compiles, and nothing in it needs a weaker content security policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template.exceptions import TemplateSyntaxError
from django.template.loader import get_template
from django.template.utils import get_app_template_dirs

COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)
TAG = re.compile(r"<(?![!/])[a-zA-Z][^<>]*>", re.DOTALL)
FORBIDDEN = (
    (re.compile(r"\sstyle\s*=", re.IGNORECASE), "a style attribute (use a class)"),
    (re.compile(r"\son[a-z]+\s*=", re.IGNORECASE), "an on… attribute (listen in a script file)"),
    (re.compile(r"\shx-on[:-]", re.IGNORECASE), "hx-on (it is evaluated; listen in a script file)"),
    (re.compile(r"=\s*[\"']?\s*(javascript|js):", re.IGNORECASE), "script in an attribute"),
    (re.compile(r"<style\b", re.IGNORECASE), "a style element (use a style sheet)"),
    (re.compile(r"<script\b(?![^>]*\bsrc\s*=)(?![^>]*application/json)", re.IGNORECASE),
     "an inline script (use a script file)"),
)  # fmt: skip
# Mails are read by programs that know no style sheet; no browser of ours ever shows them as a page.
MAIL = re.compile(r"(^|/)mails?/")


class Command(BaseCommand):
    """`manage.py check_templates`"""

    help = __doc__
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each finding; fail if there is one."""
        count = 0
        findings = []
        for name, path in ours():
            count += 1
            findings += [f"{path}:{line}: {what}" for line, what in check(name, path)]
        for finding in findings:
            self.stderr.write(finding)
        if findings:
            raise CommandError(f"{len(findings)} findings in {count} templates.")
        self.stdout.write(f"{count} templates compile and carry no inline style or script.")


def ours() -> Iterator[tuple[str, Path]]:
    """The name and file of every template of this project, not of the packages it uses."""
    for folder in sorted(Path(folder) for folder in get_app_template_dirs("templates")):
        if settings.ROOT in folder.parents and ".venv" not in folder.parts:
            for path in sorted(folder.rglob("*")):
                if path.suffix in {".html", ".txt", ".svg"}:
                    yield path.relative_to(folder).as_posix(), path


def check(name: str, path: Path) -> Iterator[tuple[int, str]]:
    """Line and description of everything wrong with one template."""
    try:
        get_template(name)
    except TemplateSyntaxError as error:
        yield 1, str(error)
    if path.suffix != ".txt":
        yield from scan(path.read_text(), mail=bool(MAIL.search(name)))


def scan(source: str, *, mail: bool = False) -> Iterator[tuple[int, str]]:
    """Line and description of what a strict policy would refuse. Mails may carry inline styles."""
    blanked = COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), source)
    for tag in TAG.finditer(blanked):
        for pattern, what in FORBIDDEN:
            if mail and "style" in what:
                continue
            if found := pattern.search(tag[0]):
                yield blanked.count("\n", 0, tag.start() + found.start()) + 1, what
