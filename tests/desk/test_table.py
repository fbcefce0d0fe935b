"""The list as a file: all of it, piece by piece, safe in a spreadsheet, and nobody else's."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue.models import Service
from people.models import Department, User
from requests_app import actions
from requests_app.models import ServiceRequest
from servicedesk.desk import table
from tests import factories
from tests.desk.conftest import SignIn
from tests.desk.test_queue import _copies, _copy_with_clocks
from tests.times import MONDAY_10, MONDAY_NOON

HERE = "/queue/it/open/table.csv"


def _read(response: Any) -> list[list[str]]:
    assert response.status_code == 200
    said = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(said)))


def test_a_table_has_the_columns_of_the_list_and_moments_in_the_readers_zone(
    asked: ServiceRequest, omar: User, sign_in: SignIn
) -> None:
    User.objects.filter(pk=omar.pk).update(zone="Europe/Warsaw")
    actions.take(asked, by=omar, at=MONDAY_NOON)
    response = sign_in(omar).get(HERE)
    assert response.streaming
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="it-open-2026-11-16.csv"'
    head, row = _read(response)
    assert head == [
        "Request", "Subject", "Client", "Service", "Status", "Whose turn", "By", "Promise", "Due",
        "Priority", "Asked", "Asked by",
    ]  # fmt: skip
    given = dict(zip(head, row, strict=True))
    assert given["Request"] == asked.reference
    assert (given["By"], given["Status"]) == ("Omar Quinn", "In progress")
    assert given["Asked"] == "2026-11-16T11:00:00+01:00"
    assert given["Due"].endswith("+01:00")
    assert given["Promise"].endswith("left")


@pytest.mark.parametrize("subject", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_nothing_in_a_table_is_a_formula(
    laptop: Service, dana: User, omar: User, sign_in: SignIn, subject: str
) -> None:
    one = factories.make_service_request(laptop, by=dana, at=MONDAY_10)
    ServiceRequest.objects.filter(pk=one.pk).update(subject=subject)
    _head, row = _read(sign_in(omar).get(HERE))
    assert row[1] == f"'{subject}"


def test_a_table_holds_what_the_filter_shows_in_its_order(
    laptop: Service, dana: User, omar: User, lena: User, sign_in: SignIn
) -> None:
    one, two, three = (
        factories.make_service_request(laptop, by=dana, at=MONDAY_10) for _n in range(3)
    )
    actions.assign(two, assignee=lena, by=lena, at=MONDAY_NOON)
    rows = _read(sign_in(omar).get(f"{HERE}?who=nobody&order=newest"))[1:]
    assert [row[0] for row in rows] == [three.reference, one.reference]


@pytest.mark.parametrize("query", ["who=x", "service=none", "order=odd", "client=%00"])
def test_a_table_of_what_makes_no_sense_is_404(
    laptop: Service, omar: User, sign_in: SignIn, query: str
) -> None:
    assert sign_in(omar).get(f"{HERE}?{query}").status_code == 404


def test_restricted_rows_are_the_teams_and_others_read_how_many_there_are(
    it: Department, laptop: Service, dana: User, omar: User, kai: User, sign_in: SignIn
) -> None:
    team = factories.make_team(it, name="Inquiry")
    inside = factories.make_agent(team, "Nia Walsh")
    secret = factories.make_service(it, team=team, restricted=True)
    factories.make_service_request(secret, by=dana, at=MONDAY_10, subject="Zebra")
    assert _read(sign_in(omar).get(HERE))[1:] == [["1 restricted, not shown"]]
    assert _read(sign_in(omar).get(f"{HERE}?client=finance"))[1:] == []
    assert [row[1] for row in _read(sign_in(inside).get(HERE))[1:]] == ["Zebra"]
    assert sign_in(kai).get(HERE).status_code == 404


def test_a_table_is_read_in_pieces_by_key_and_costs_the_same_for_each(
    laptop: Service, dana: User, omar: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = factories.make_service_request(laptop, by=dana, at=MONDAY_10)
    _copy_with_clocks(one, 29)
    browser = sign_in(omar)

    def queries(batch: int) -> int:
        monkeypatch.setattr(table, "BATCH", batch)
        with CaptureQueriesContext(connection) as caught:
            assert len({row[0] for row in _read(browser.get(HERE))}) == 31
        return len(caught)

    queries(40)
    once, thrice = queries(40), queries(10)
    in_pieces = thrice - once
    assert in_pieces % 2 == 0
    assert in_pieces // 2 <= 5


def test_nothing_is_read_before_it_is_asked_for(
    laptop: Service, dana: User, omar: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "BATCH", 5)
    one = factories.make_service_request(laptop, by=dana, at=MONDAY_10)
    ServiceRequest.objects.bulk_create(_copies(one, 20))
    response: Any = sign_in(omar).get(HERE)
    pieces = iter(response.streaming_content)
    with CaptureQueriesContext(connection) as caught:
        for _n in range(5):  # the mark of the encoding, the headings, three rows
            next(pieces)
    read = [one for one in caught if "requests_app_servicerequest" in one["sql"]]
    assert len([one for one in read if "LIMIT 6" in one["sql"]]) == 1
