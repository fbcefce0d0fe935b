"""What templates print: words of time, initials, icons, fields and what is wrong in them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template import Context, Template, engines
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone
from lucide import IconDoesNotExist

import servicedesk
from people.models import User
from servicedesk import strip, wording
from servicedesk.gallery import CHIPS, Chip, Sample
from tests import factories

DUBLIN = ZoneInfo("Europe/Dublin")
NOW = datetime(2026, 11, 19, 10, 42, tzinfo=DUBLIN)
TEMPLATES = Path(servicedesk.__file__).parent.parent


def show(source: str, **context: Any) -> str:
    return Template("{% load desk %}" + source).render(Context(context))


@pytest.fixture
def thursday_in_dublin(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    with timezone.override(DUBLIN):
        yield


# -- Moments ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ((2026, 11, 19, 9, 12), "Today, 09:12"),
        ((2026, 11, 18, 16, 0), "Yesterday, 16:00"),
        ((2026, 11, 20, 12, 0), "Tomorrow, 12:00"),
        ((2026, 11, 16, 9, 58), "Mon 16 Nov, 09:58"),
        ((2026, 11, 21, 0, 5), "Sat 21 Nov, 00:05"),
        ((2025, 12, 31, 23, 59), "Wed 31 Dec 2025, 23:59"),
        ((2027, 1, 4, 9, 0), "Mon 4 Jan 2027, 09:00"),
    ],
)
def test_a_moment_is_said_as_near_as_it_is(at: tuple[int, ...], words: str) -> None:
    assert wording.moment(datetime(*at, tzinfo=DUBLIN), NOW) == words  # type: ignore[misc, arg-type]


def test_within_a_sentence_today_is_written_small() -> None:
    assert wording.moment(NOW, NOW, inside=True) == "today, 10:42"
    assert wording.moment(NOW - timedelta(days=3), NOW, inside=True) == "Mon 16 Nov, 10:42"


@pytest.mark.usefixtures("thursday_in_dublin")
def test_a_moment_is_printed_in_the_zone_of_its_reader() -> None:
    at = datetime(2026, 11, 19, 9, 12, tzinfo=UTC)
    assert 'datetime="2026-11-19T09:12:00+00:00"' in show("{{ at|moment }}", at=at)
    assert ">Today, 09:12<" in show("{{ at|moment }}", at=at)
    with timezone.override("Europe/Warsaw"):
        assert ">Today, 10:12<" in show("{{ at|moment }}", at=at)
        assert ">Today, 10:12 CET<" in show("{% moment at zone=True %}", at=at)
        assert "Thursday 19 November 2026, 10:12 (Europe/Warsaw)" in show("{{ at|moment }}", at=at)


@pytest.mark.usefixtures("thursday_in_dublin")
def test_yesterday_is_the_reader_s_yesterday() -> None:
    late = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
    assert ">Yesterday, 23:30<" in show("{{ at|moment }}", at=late)
    with timezone.override("Europe/Warsaw"):
        assert ">Today, 00:30<" in show("{{ at|moment }}", at=late)


def test_no_moment_prints_nothing() -> None:
    assert show("{{ at|moment }}{% moment at %}", at=None) == ""


# -- Durations, names, sizes -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("length", "words"),
    [
        ({"seconds": 59}, "under a minute"),
        ({"minutes": 1}, "1 min"),
        ({"minutes": 40, "seconds": 59}, "40 min"),
        ({"hours": 1}, "1 h"),
        ({"hours": 2, "minutes": 10}, "2 h 10 min"),
        ({"hours": 7, "minutes": 59}, "7 h 59 min"),
        ({"hours": 8}, "1 day"),
        ({"hours": 12, "minutes": 30}, "1 day 4 h"),
        ({"hours": 8 * 4 + 7}, "4 days 7 h"),
        ({"hours": 8 * 5 + 7}, "5 days"),
        ({"hours": -2}, "2 h"),
    ],
)
def test_a_working_day_has_eight_hours(length: dict[str, int], words: str) -> None:
    assert wording.duration(timedelta(**length)) == words
    assert show("{{ n|duration }}", n=timedelta(**length).total_seconds()) == words


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Inês Carvalho", "IC"),
        ("Niamh O’Sullivan", "NO"),
        ("Łukasz de Sá", "ŁS"),
        ("Prince", "P"),
        ("Zofia (away) Kamińska", "ZK"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_initials_are_the_first_and_the_last_name_s(name: str, letters: str) -> None:
    assert wording.initials(name) == letters


@pytest.mark.parametrize(
    ("count", "words"), [(1, "1 KB"), (48_000, "48 KB"), (3_400_000, "3.4 MB")]
)
def test_a_file_s_size_is_said_in_words(count: int, words: str) -> None:
    assert wording.size(count) == words


def test_a_reference_never_breaks_over_two_lines() -> None:
    assert show("{{ 'IT-1042'|reference }}") == '<span class="number nowrap">IT-1042</span>'


def test_what_people_write_cannot_bring_script_along() -> None:
    shown = show("{{ text|markdown }}", text="**now** <script>x</script>")
    assert "<strong>now</strong>" in shown
    assert "<script" not in shown


# -- Icons and small drawings ----------------------------------------------------------------------


def test_an_icon_is_silent_unless_it_is_named() -> None:
    assert 'aria-hidden="true"' in show('{% icon "bell" %}')
    assert '<span class="visually-hidden">Notices &lt;3&gt;</span>' in show(
        '{% icon "bell" "large" words %}', words="Notices <3>"
    )


def test_a_live_page_survives_an_icon_that_does_not_exist(settings: Any) -> None:
    settings.DEBUG = False
    assert "<svg" in show('{% icon "no-such-icon" %}')
    settings.DEBUG = True
    with pytest.raises(IconDoesNotExist):
        show('{% icon "no-such-icon" %}')


def test_every_icon_a_template_names_exists(settings: Any) -> None:
    settings.DEBUG = True
    named = {
        name
        for page in TEMPLATES.glob("*/**/templates/**/*.html")
        for name in re.findall(
            r"""(?:\{% icon |icon=|icon\|default:)["']([a-z0-9-]+)["']""", page.read_text()
        )
    }
    assert "bell" in named
    for name in named:
        show("{% icon name %}", name=name)


def test_a_small_line_needs_two_figures() -> None:
    assert show("{% sparkline values %}", values=[88]) == ""
    drawn = show("{% sparkline values %}", values=[80, 90, 85])
    assert drawn.count(",") == 3
    assert "style" not in drawn


def test_a_small_line_of_equal_figures_is_flat() -> None:
    drawn = show("{% sparkline values %}", values=[5, 5, 5])
    heights = set(re.findall(r"[\d.]+,([\d.]+)", drawn))
    assert len(heights) == 1


def test_a_strip_never_leaves_its_frame() -> None:
    story = strip.Strip(
        [strip.Stretch("used", -5, 60), strip.Stretch("paused", 60, 140)], label="x", now=120
    )
    laid = strip.blocks(story)
    assert laid[0].x == 0
    assert laid[-1].x + laid[-1].width <= strip.WIDTH
    assert 'd="M264.0 15v22"' in render_to_string("components/_strip.html", {"strip": story})


# -- The promise chip ------------------------------------------------------------------------------


def chip(which: Chip) -> str:
    return render_to_string("components/_promise.html", {"chip": which, "id": "IT-1"})


@pytest.mark.parametrize("which", CHIPS, ids=lambda which: which.state)
def test_a_promise_says_its_state_in_words(which: Chip) -> None:
    assert which.words in chip(which)
    assert f'data-state="{which.state}"' in chip(which)


def test_only_a_running_promise_counts_down() -> None:
    counting = {which.state for which in CHIPS if "data-promise data-left" in chip(which)}
    assert counting == {"on-track", "at-risk", "late"}


def test_a_promise_without_budget_or_calendar_is_still_shown() -> None:
    bare = Chip(
        "on-track", 0, "due today", budget_seconds=None, calendar_id=None, warn_percent=None
    )
    assert 'data-budget="0"' in chip(bare)
    assert 'data-calendar=""' in chip(bare)


def test_the_story_is_tied_to_its_chip() -> None:
    shown = chip(CHIPS[0])
    assert 'aria-describedby="story-IT-1"' in shown
    assert 'id="story-IT-1"' in shown


# -- Fields ----------------------------------------------------------------------------------------


@pytest.fixture
def refused() -> Sample:
    return Sample({"where": "", "office": "l", "count": "12", "more": "The <drawing> programs"})


def field(of: forms.BoundField) -> str:
    return render_to_string("components/_field.html", {"field": of})


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("where", "text"),
        ("model", "choices"),
        ("programs", "choices"),
        ("by", "short"),
        ("office", "select"),
        ("count", "short"),
        ("paper", "file"),
        ("more", "textarea"),
        ("agree", "yes"),
    ],
)
def test_each_kind_of_field_is_drawn_in_its_own_way(name: str, kind: str) -> None:
    assert show("{{ field|kind }}", field=Sample()[name]) == kind


def test_help_and_mistake_are_read_out_with_their_field(refused: Sample) -> None:
    shown = field(refused["where"])
    told = re.search(r'<input[^>]*aria-describedby="([^"]+)"', shown)
    assert told
    for identity in told.group(1).split():
        assert f'id="{identity}"' in shown
    assert 'aria-invalid="true"' in shown
    assert "Tell us where to bring it" in shown


def test_a_group_of_choices_is_tied_to_its_mistake(refused: Sample) -> None:
    shown = field(refused["model"])
    assert '<fieldset class="field" id="id_model"' in shown
    assert 'aria-describedby="id_model_error"' in shown
    assert 'id="id_model_error"' in shown


def test_what_was_typed_is_kept(refused: Sample) -> None:
    assert "The &lt;drawing&gt; programs" in field(refused["more"])
    assert 'value="12"' in field(refused["count"])
    assert '<option value="l" selected>' in field(refused["office"])


def test_what_may_be_left_out_says_so() -> None:
    assert "optional" in field(Sample()["more"])
    assert "optional" not in field(Sample()["where"])


def test_a_choice_s_second_line_explains_it() -> None:
    assert "<small>For travel and offices</small>" in field(Sample()["model"])


def test_the_summary_leads_to_each_mistake(refused: Sample) -> None:
    summary = render_to_string("components/_errors.html", {"form": refused})
    assert "3 things to put right" in summary
    page = summary + "".join(field(each) for each in refused)
    links = re.findall(r'href="#([^"]+)"', summary)
    assert links == ["id_where", "id_model", "id_count"]
    for identity in links:
        assert f'id="{identity}"' in page


def test_a_good_form_has_no_summary() -> None:
    assert render_to_string("components/_errors.html", {"form": Sample()}).strip() == ""


# -- After a deed ----------------------------------------------------------------------------------


def toast(message: Message) -> str:
    return render_to_string("components/_toast.html", {"message": message, "csrf_token": "t"})


def test_a_deed_that_can_be_taken_back_offers_it() -> None:
    told = Message(
        constants.SUCCESS, "You took IT-1042.", extra_tags="undo:/requests/IT-1042/do/release/"
    )
    assert 'action="/requests/IT-1042/do/release/" method="post"' in toast(told)
    assert "Undo" not in toast(Message(constants.SUCCESS, "Done."))


def test_good_news_fades_and_bad_news_stays() -> None:
    assert "data-fades" in toast(Message(constants.SUCCESS, "Done."))
    assert "data-fades" not in toast(Message(constants.ERROR, "Not done."))


# -- The frame -------------------------------------------------------------------------------------


def test_every_part_is_shown_on_the_gallery(client: Client, lena: User) -> None:
    factories.make_organisation()
    client.force_login(lena)
    page = client.get("/design/").content.decode()
    assert "Harbour &amp; Pine desk</title>" in page
    source = (Path(servicedesk.__file__).parent / "templates/gallery.html").read_text()
    parts = {
        p.name for p in (Path(servicedesk.__file__).parent / "templates/components").glob("*.html")
    }
    within = {"_entry_body.html", "_field_words.html", "_toast.html", "_gone.html"}
    assert {p for p in parts - within if f"components/{p}" not in source} == set()


def test_no_id_stands_twice_on_a_page(client: Client, lena: User) -> None:
    client.force_login(lena)
    page = client.get("/design/").content.decode()
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize(
    ("chosen", "kept"), [("dark", "dark"), ("light", "light"), ("", ""), ("pink", "")]
)
def test_the_theme_one_chooses_holds_on_the_next_page(
    client: Client, db: None, chosen: str, kept: str
) -> None:
    client.post("/theme/", {"theme": "dark", "next": "/design/"})
    answer = client.post("/theme/", {"theme": chosen, "next": "/design/"})
    assert answer["Location"] == "/design/"
    page = client.get("/design/").content.decode()
    assert (f'data-theme="{kept}"' in page) if kept else ('<html lang="en">' in page)


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:x", ""]
)
def test_the_theme_never_leads_to_another_site(client: Client, elsewhere: str) -> None:
    answer = client.post("/theme/", {"theme": "dark", "next": elsewhere})
    assert answer["Location"] == "/"


def test_the_page_for_a_broken_desk_asks_the_desk_for_nothing() -> None:
    page = engines["django"].get_template("500.html").render()
    assert "Something went wrong on our side" in page
    assert "utilities.css" in page


@pytest.mark.parametrize(
    ("due", "written"), [(None, True), (70.0, True), (84.0, True), (93.0, False), (100.0, False)]
)
def test_now_is_not_written_over_due(due: float | None, written: bool) -> None:
    shown = strip.Strip([], "From then to now.", now=99.0, due=due)
    drawn = render_to_string("components/_strip.html", {"strip": shown})
    assert ("now</text>" in drawn) is written
    assert "strip-now" in drawn
