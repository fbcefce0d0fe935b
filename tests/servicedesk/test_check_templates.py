"""Templates compile and need no weaker content security policy."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from servicedesk.management.commands.check_templates import ours, scan


def test_all_templates_of_the_desk_pass(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_templates")
    assert "templates compile" in capsys.readouterr().out


def test_only_templates_of_this_project_are_looked_at() -> None:
    names = [name for name, _ in ours()]
    assert "base.html" in names
    assert not [name for name in names if name.startswith("admin/")]


@pytest.mark.parametrize(
    "source",
    [
        '<p style="color: red">late</p>',
        "<p\n  class='a'\n  style='x'>late</p>",
        '<button onclick="go()">Go</button>',
        '<button hx-on:click="go()">Go</button>',
        '<a href="javascript:go()">Go</a>',
        "<style>p { color: red }</style>",
        "<script>go()</script>",
    ],
)
def test_inline_style_and_script_are_found(source: str) -> None:
    assert list(scan("<main>\n" + source))


@pytest.mark.parametrize(
    "source",
    [
        '<script src="/static/desk.js" defer></script>',
        '<script type="application/json" id="calendars">{}</script>',
        '{# <p style="color: red"> #}<p>the style = plain, once only</p>',
        '<svg><rect width="4" fill="currentColor"/></svg>',
        '<button data-action="go" name="season">Go</button>',
    ],
)
def test_what_a_strict_policy_allows_passes(source: str) -> None:
    assert list(scan(source)) == []


def test_a_finding_names_its_line() -> None:
    assert [line for line, _ in scan('<p>\n</p>\n<p style="">')] == [3]


def test_a_mail_may_carry_inline_styles_but_no_script() -> None:
    assert list(scan('<td style="color: #123">', mail=True)) == []
    assert list(scan('<td onclick="go()">', mail=True))
