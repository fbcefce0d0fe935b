"""Messages are Markdown; what they say is shown and what they try is not."""

from __future__ import annotations

import pytest

from requests_app.markdown import render


def test_plain_marks_are_rendered() -> None:
    html = render("# Steps\n\n1. **Log in**\n2. `reset`\n\nsee [here](https://desk.example/a)")
    assert "<strong>Log in</strong>" in html
    assert "<code>reset</code>" in html
    assert "<h3>Steps</h3>" in html
    assert 'href="https://desk.example/a"' in html


@pytest.mark.parametrize(
    "attempt",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        '<img src=x onerror="alert(1)">',
        '<a href="https://desk.example" onclick="alert(1)">x</a>',
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        '<p style="position:fixed">x</p>',
        "![x](https://desk.example/spy.png)",
        "<iframe src=//desk.example></iframe>",
        "[x](<javascript:alert(1)>)",
        "\x00<scr\x00ipt>alert(1)</script>",
    ],
)
def test_what_could_run_or_spy_is_taken_out(attempt: str) -> None:
    html = render(attempt).lower()
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html
    assert "<img" not in html
    assert "<iframe" not in html
    for tag in html.split("<")[1:]:
        assert " on" not in tag.split(">")[0]
        assert " style" not in tag.split(">")[0]
