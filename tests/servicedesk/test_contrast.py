"""Every pair of colours that meets on a page can be told apart, in the light and in the dark."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

import servicedesk

CSS = Path(servicedesk.__file__).parent / "static/servicedesk/css"
OKLCH = r"oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)"
TOKEN = re.compile(rf"(--[\w-]+):\s*light-dark\({OKLCH}, {OKLCH}\);")

TEXT, CONTROL = 4.5, 3.0
PAPER = ["ground", "surface", "sunken", "floating", "hover"]
MEANINGS = ["good", "warning", "late", "waiting", "note"]

PAIRS: list[tuple[str, str, float]] = [
    *((ink, paper, TEXT) for ink in ("ink", "ink-soft", "ink-faint") for paper in PAPER),
    *(("accent", paper, TEXT) for paper in PAPER),
    *(("accent-strong", paper, TEXT) for paper in [*PAPER, "accent-surface"]),
    *(("control", paper, CONTROL) for paper in ("ground", "surface", "floating")),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-strong", TEXT),
    ("on-inverse", "inverse", TEXT),
    ("ground", "ink", TEXT),  # P1, inverted
    *((f"{meaning}-ink", f"{meaning}-surface", TEXT) for meaning in MEANINGS),
    *(
        (f"{meaning}-ink", paper, TEXT)
        for meaning in MEANINGS
        for paper in ("ground", "surface", "hover")
    ),
    # A link, plain words and the faint time of a message stand on every tinted ground.
    *(
        (ink, f"{meaning}-surface", TEXT)
        for ink in ("ink", "ink-soft", "accent")
        for meaning in MEANINGS
    ),
    ("ink-faint", "note-surface", TEXT),
    ("ink-faint", "accent-surface", TEXT),
    ("ink", "accent-surface", TEXT),
    ("ink-soft", "accent-surface", TEXT),
]


def luminance(lightness: float, chroma: float, hue: float) -> float:
    """Relative luminance (WCAG 2) of an oklch colour; lightness from 0 to 1, hue in degrees."""
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    red, green, blue = (min(max(part, 0.0), 1.0) for part in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: float, other: float) -> float:
    """How far two luminances stand apart, from 1 to 21 (WCAG 2)."""
    darker, lighter = sorted((one, other))
    return (lighter + 0.05) / (darker + 0.05)


def colours(theme: str) -> dict[str, float]:
    """The luminance of every token of a theme, by its name."""
    found = {}
    for name, *numbers in TOKEN.findall((CSS / "tokens.css").read_text()):
        lightness, chroma, hue = map(float, numbers[:3] if theme == "light" else numbers[3:])
        found[name.removeprefix("--")] = luminance(lightness / 100, chroma, hue)
    return found


THEMES = {theme: colours(theme) for theme in ("light", "dark")}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
def test_what_is_read_stands_out_from_its_ground(
    theme: str, front: str, ground: str, least: float
) -> None:
    of = THEMES[theme]
    assert contrast(of[front], of[ground]) >= least


def test_the_arithmetic_knows_black_white_and_red() -> None:
    assert luminance(1, 0, 0) == pytest.approx(1, abs=0.001)
    assert luminance(0, 0, 0) == 0
    assert luminance(0.62796, 0.25768, 29.234) == pytest.approx(0.2126, abs=0.001)
    assert contrast(1, 0) == pytest.approx(21)


def test_no_sheet_but_the_tokens_names_a_colour() -> None:
    colour = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|oklab|lab|lch)a?\(", re.IGNORECASE)
    named = [
        f"{sheet.name}: {line.strip()}"
        for sheet in CSS.rglob("*.css")
        if sheet.name != "tokens.css"
        for line in sheet.read_text().splitlines()
        if colour.search(line.replace("in oklab", ""))
    ]
    assert named == []


def test_every_token_that_a_sheet_asks_for_exists() -> None:
    sheets = {sheet.name: sheet.read_text() for sheet in CSS.rglob("*.css")}
    defined = set(re.findall(r"(--[\w-]+)\s*:", " ".join(sheets.values())))
    defined |= {"--gap", "--story-top", "--story-left"}  # registered, or set by js/story.js
    missing = {
        f"{name}: {token}"
        for name, text in sheets.items()
        for token in re.findall(r"var\((--[\w-]+)", text)
        if token not in defined
    }
    assert missing == set()


def test_no_sheet_shouts() -> None:
    assert [sheet.name for sheet in CSS.rglob("*.css") if "!important" in sheet.read_text()] == []


def test_every_sheet_is_loaded_by_every_page() -> None:
    head = (CSS.parents[2] / "templates/frame_head.html").read_text()
    components = {f"components/{sheet.name}" for sheet in (CSS / "components").glob("*.css")}
    own = {"tokens.css", "base.css", "layout.css", "utilities.css"}
    assert set(re.findall(r"css/([\w/-]+\.css)", head)) == components | own


def test_every_sheet_says_its_layer() -> None:
    bare = [sheet.name for sheet in CSS.rglob("*.css") if "@layer" not in sheet.read_text()]
    assert bare == []
