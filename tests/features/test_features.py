"""Each feature of the notation, from its YAML through form, POST and store to the export."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey.export import FORMATS
from survey.questionnaire.loading import load
from survey.response import Workshop, new_id
from survey.store import Store, questionnaires, responses
from tests.conftest import quoteless, table_of

HERE = Path(__file__).parent
FEATURES = sorted(path.stem for path in HERE.glob("*.yaml"))

Sent = dict[str, str | list[str]]


@dataclass
class Taken:
    """What is sent, what is stored, and the export's cells that hold it."""

    sent: Sent
    answers: dict[str, Any]
    cells: dict[str, str] = field(default_factory=dict)


@dataclass
class Refused:
    """What is sent, and for each question the instruction it gets."""

    sent: Sent
    errors: dict[str, str]


DK = {"missing": "dk"}
NA = {"missing": "na"}

CASES: dict[str, list[Taken | Refused]] = {
    "audio": [Taken({"idea": "x"}, {"idea": "x"}, {"idea": "x", "idea__missing": ""})],
    "note": [Taken({"idea": "x"}, {"idea": "x"}, {"idea": "x", "idea__missing": ""})],
    "text": [
        Taken(
            {"idea": "  =1+1\x00 ", "story": "a\r\nb\rc"},
            {"idea": "=1+1", "story": "a\nb\nc"},
            {"idea": "'=1+1", "story": "a\nb\nc"},
        ),
        Taken({"idea": "a\nb"}, {"idea": "a b", "story": None}, {"idea": "a b"}),
        Taken({"idea": "'quoted"}, {"idea": "'quoted", "story": None}, {"idea": "''quoted"}),
        Taken({"idea": "𐤀" * 10}, {"idea": "𐤀" * 10, "story": None}, {"idea": "𐤀" * 10}),
        Taken(
            {"idea__missing": "dk"},
            {"idea": DK, "story": None},
            {"idea": "", "idea__missing": "dk", "story__missing": ""},
        ),
        Refused({"idea": "x" * 11}, {"idea": "10"}),
        Refused({"idea": "x", "idea__missing": "dk"}, {"idea": "Je ne sais pas"}),
    ],
    "integer": [
        Taken({"members": "12"}, {"members": 12}, {"members": "12"}),
        Taken({"members": "١٢"}, {"members": 12}, {"members": "12"}),
        Taken({"members": "1 200"}, {"members": 1200}, {"members": "1200"}),
        Taken({"members": ""}, {"members": None}, {"members": ""}),
        Taken({"members__missing": "dk"}, {"members": DK}, {"members": "dk"}),
        Refused({"members": "douze"}, {"members": "12"}),
        Refused({"members": "0"}, {"members": "1"}),
        Refused({"members": "5001"}, {"members": "5000"}),
        Refused({"members": ["1", "2"]}, {"members": ""}),
    ],
    "decimal": [
        Taken({"hectares": "12,50"}, {"hectares": "12.50"}, {"hectares": "12.50"}),
        Taken({"hectares": "٣٫٥"}, {"hectares": "3.5"}, {"hectares": "3.5"}),
        Taken({"hectares__missing": "na"}, {"hectares": NA}, {"hectares": "na"}),
        Refused({"hectares": "1e3"}, {"hectares": "12,5"}),
        Refused({"hectares": "99.51"}, {"hectares": "99.5"}),
        Refused({"hectares": "-1"}, {"hectares": "0"}),
    ],
    "date": [
        Taken({"founded": "2018-08-04"}, {"founded": "2018-08-04"}, {"founded": "2018-08-04"}),
        Taken({"founded": "٤/٨/٢٠١٨"}, {"founded": "2018-08-04"}, {"founded": "2018-08-04"}),
        Refused({"founded": "31/02/2018"}, {"founded": "22/03/2026"}),
        Refused({"founded": "1949-12-31"}, {"founded": "01/01/1950"}),
    ],
    "select_one": [
        Taken(
            {"role": "head"},
            {"role": "head"},
            {"role": "head", "role__other__missing": "not_asked"},
        ),
        Taken(
            {"role": "other", "role__other": "Tresorière"},
            {"role": "other", "role__other": "Tresorière"},
            {"role": "other", "role__other": "Tresorière", "role__other__missing": ""},
        ),
        Taken({"role": "other"}, {"role": "other", "role__other": None}, {"role__other": ""}),
        Taken(
            {"role__other": "Tresorière"},
            {"role": "other", "role__other": "Tresorière"},
            {"role": "other"},
        ),
        Taken({"role": "dk"}, {"role": DK}, {"role": "dk"}),
        Taken({}, {"role": None}, {"role": ""}),
        Refused({"role": "queen"}, {"role": ""}),
        Refused({"role": ["head", "member"]}, {"role": ""}),
        Refused({"role": "head", "role__other": "x"}, {"role": "Autre"}),
        Refused({"role": "other", "role__other": "x" * 256}, {"role": "255"}),
    ],
    "scale": [
        Taken({"trust": "2"}, {"trust": "2"}, {"trust": "2"}),
        Refused({"trust": "3"}, {"trust": ""}),
    ],
    "select_multiple": [
        Taken(
            {"funds": ["bank", "own"]},
            {"funds": ["own", "bank"]},
            {
                "funds__own": "1",
                "funds__indh": "0",
                "funds__bank": "1",
                "funds__other__selected": "0",
            },
        ),
        Taken(
            {"funds": "own", "funds__other": "+ famille"},
            {"funds": ["own", "other"], "funds__other": "+ famille"},
            {"funds__own": "1", "funds__other__selected": "1", "funds__other": "'+ famille"},
        ),
        Taken({"funds": "none"}, {"funds": ["none"]}, {"funds__none": "1", "funds__own": "0"}),
        Taken({"funds": "dk"}, {"funds": DK}, {"funds__own": "dk", "funds__none": "dk"}),
        Taken({}, {"funds": None}, {"funds__own": ""}),
        Refused({"funds": ["own", "indh", "bank"]}, {"funds": "2"}),
        Refused({"funds": ["own", "none"]}, {"funds": "Aucune"}),
        Refused({"funds": ["own", "dk"]}, {"funds": "Je ne sais pas"}),
        Refused({"funds": "gold"}, {"funds": ""}),
    ],
    "rank": [
        Taken(
            {"chain__honey": "1", "chain__argan": "٢"},
            {"chain": ["honey", "argan"]},
            {"chain__argan": "2", "chain__honey": "1", "chain__saffron": ""},
        ),
        Taken({"chain__honey": "3"}, {"chain": ["honey"]}, {"chain__honey": "1"}),
        Taken({"chain__missing": "dk"}, {"chain": DK}, {"chain__argan": "dk"}),
        Refused({"chain__honey": "1", "chain__argan": "1"}, {"chain": "1"}),
        Refused({"chain__honey": "4"}, {"chain": "1"}),
        Refused({"chain__honey": "first"}, {"chain": "12"}),
        Refused({"chain__honey": "1", "chain__argan": "2", "chain__saffron": "3"}, {"chain": "2"}),
    ],
    "matrix": [
        Taken(
            {"asset__roads": "2", "asset__water": "dk", "every__first": "1", "every__second": "2"},
            {"asset": {"roads": "2", "water": DK}, "every": {"first": "1", "second": "2"}},
            {"asset__roads": "2", "asset__water": "dk", "every__first": "1"},
        ),
        Taken(
            {"asset__roads": "1", "every__first": "1", "every__second": "2"},
            {"asset": {"roads": "1"}, "every": {"first": "1", "second": "2"}},
            {"asset__roads": "1", "asset__water": ""},
        ),
        Refused({"asset__roads": "9", "every__first": "1"}, {"asset": "", "every": ""}),
        Refused({}, {"every": ""}),
    ],
    "allocation": [
        Taken(
            {"jobs__women": "100"},
            {"jobs": {"women": 100, "youth": 0}},
            {"jobs__women": "100", "jobs__youth": "0"},
        ),
        Taken({"jobs__missing": "na"}, {"jobs": NA}, {"jobs__women": "na"}),
        Taken({}, {"jobs": None}, {"jobs__women": ""}),
        Refused({"jobs__women": "60", "jobs__youth": "60"}, {"jobs": "120"}),
        Refused({"jobs__women": "-10", "jobs__youth": "110"}, {"jobs": "0"}),
        Refused({"jobs__women": "half"}, {"jobs": "12"}),
    ],
    "statements": [
        Taken(
            {"ideas__1": "@un", "ideas__2": "deux"},
            {"ideas": ["@un", "deux"]},
            {"ideas__1": "'@un", "ideas__2": "deux", "ideas__missing": ""},
        ),
        Taken({"ideas__2": "deux"}, {"ideas": ["deux"]}, {"ideas__1": "deux", "ideas__2": ""}),
        Taken({"ideas__missing": "dk"}, {"ideas": DK}, {"ideas__1": "", "ideas__missing": "dk"}),
        Refused({"ideas__1": "x" * 21}, {"ideas": "20"}),
    ],
    "vote": [
        Taken(
            {"views__s1": "agree", "views__s2": "pass"},
            {"views": {"s1": "agree", "s2": "pass"}},
            {"views__s1": "agree", "views__s2": "pass"},
        ),
        Refused({"views__s1": "maybe"}, {"views": ""}),
    ],
    "relevant": [
        Taken(
            {"actor": "coop", "members": "11", "union": "Taitmatine"},
            {"actor": "coop", "members": 11, "union": "Taitmatine"},
            {"members": "11", "union": "Taitmatine", "union__missing": ""},
        ),
        Taken(
            {"actor": "assoc", "members": "not even a number", "union": "x" * 999},
            {"actor": "assoc"},
            {"members": "not_asked", "union": "", "union__missing": "not_asked"},
        ),
        Taken({"actor": "coop", "members": "10"}, {"actor": "coop", "members": 10}),
        Refused({"actor": "coop"}, {"members": ""}),
    ],
    "constraint": [
        Taken({"members": "5", "women": "5"}, {"members": 5, "women": 5, "year": None}),
        Taken({"women": "5", "year": "2018"}, {"members": None, "women": 5, "year": 2018}),
        Refused({"members": "5", "women": "6"}, {"women": "Au plus le nombre de membres."}),
        Refused({"year": "9999"}, {"year": "Pas après cette année."}),
    ],
    "required": [
        Taken({"idea": "x"}, {"idea": "x", "more": None}),
        Taken({"idea__missing": "dk"}, {"idea": DK, "more": None}),
        Refused({"more": "x"}, {"idea": ""}),
    ],
    "choice_filter": [
        Taken({"province": "tata", "product": "dates"}, {"province": "tata", "product": "dates"}),
        Taken({"product": "honey"}, {"province": None, "product": "honey"}),
        Refused({"province": "tata", "product": "silver"}, {"product": "Argent"}),
    ],
    "actor_group": [
        Taken({"actor": "coop"}, {"actor": "coop"}, {"actor__group": "producers"}),
        Taken(
            {"actor": "other"},
            {"actor": "other", "actor__other": None},
            {"actor": "other", "actor__group": "others"},
        ),
        Refused({}, {"actor": ""}),
    ],
    "territory": [
        Taken(
            {"place": "09.541.01.01"},
            {"place": "09.541.01.01"},
            {"place__region": "09", "place__province": "09.541", "place__commune": "09.541.01.01"},
        ),
        Taken(
            {"place": "09.581"},
            {"place": "09.581"},
            {"place__region": "09", "place__province": "09.581", "place__commune": ""},
        ),
        Taken({"place": "dk"}, {"place": DK}, {"place": "dk", "place__commune": "dk"}),
        Refused({"place": "10"}, {"place": ""}),
    ],
    "short": [
        Taken(
            {"idea": "x"},
            {"idea": "x"},
            {"idea": "x", "detail__missing": "not_asked", "more__missing": "not_asked"},
        ),
    ],
    "quote_consent": [
        Taken({"story": "x", "consent": "no"}, {"story": "x", "consent": "no"}, {"consent": "no"}),
    ],
    "suggestions": [Taken({"product": "Miel"}, {"product": "Miel"}, {"product": "Miel"})],
    "partial_language": [Taken({"idea": "ⴰⵔⴳⴰⵏ"}, {"idea": "ⴰⵔⴳⴰⵏ"}, {"idea": "ⴰⵔⴳⴰⵏ"})],
}

TAKEN = [
    pytest.param(name, case, id=f"{name}-{number}")
    for name, cases in CASES.items()
    for number, case in enumerate(cases)
    if isinstance(case, Taken)
]
REFUSED = [
    pytest.param(name, case, id=f"{name}-{number}")
    for name, cases in CASES.items()
    for number, case in enumerate(cases)
    if isinstance(case, Refused)
]


@pytest.fixture
def workshop_on(open_workshop: Callable[..., Workshop]) -> Callable[[str], Workshop]:
    def opened(feature: str) -> Workshop:
        variant = "short" if feature == "short" else "full"
        return open_workshop(load(HERE / f"{feature}.yaml"), variant=variant)

    return opened


def send(client: FlaskClient, workshop: Workshop, sent: Sent, language: str = "fr") -> TestResponse:
    return client.post(f"/{workshop.code}/{language}/{new_id()}", data={**sent, "_end": "1"})


def exported(store: Store, workshop: Workshop, format: str, language: str | None = None) -> str:
    questionnaire = questionnaires.get(store, workshop.version)
    file = io.BytesIO()
    table = table_of(questionnaire, responses.scan(store, workshop.code), language)
    FORMATS[format].write(table, file)
    return file.getvalue().decode("utf-8-sig")


def test_every_feature_has_a_questionnaire_and_a_case() -> None:
    assert sorted(CASES) == FEATURES


@pytest.mark.parametrize(("feature", "case"), TAKEN)
def test_what_is_sent_is_stored_and_exported(
    feature: str,
    case: Taken,
    client: FlaskClient,
    store: Store,
    workshop_on: Callable[[str], Workshop],
) -> None:
    workshop = workshop_on(feature)
    assert send(client, workshop, case.sent).status_code == 303
    (stored,) = responses.scan(store, workshop.code)
    assert stored.answers == case.answers
    (row,) = csv.DictReader(io.StringIO(exported(store, workshop, "csv"), newline=""))
    assert {name: row[name] for name in case.cells} == case.cells
    assert json.loads(exported(store, workshop, "jsonl"))["answers"] == case.answers
    with store.read() as database:
        view = next(iter(database.query(f"select * from response_{workshop.version[:8]}")))
    plain = {name: str(cell) if cell is not None else "" for name, cell in view.items()}
    assert {name: plain[name] for name in case.cells} == {
        name: cell.removeprefix("'") for name, cell in case.cells.items()
    }
    assert [*row] == [*view]


@pytest.mark.parametrize(("feature", "case"), REFUSED)
def test_what_does_not_fit_gets_an_instruction_and_stays_on_the_page(
    feature: str,
    case: Refused,
    client: FlaskClient,
    store: Store,
    workshop_on: Callable[[str], Workshop],
) -> None:
    workshop = workshop_on(feature)
    response = send(client, workshop, case.sent)
    assert response.status_code == 422
    for name, words in case.errors.items():
        start = response.text.index(f'<p class="error" id="e-{name}">')
        message = response.text[start : response.text.index("</p>", start)]
        assert words in message
        assert f'href="#q-{name}"' in response.text
    assert response.text.count('<p class="error" id="e-') == len(case.errors)
    for value in case.sent.values():
        for text in [value] if isinstance(value, str) else value:
            if len(text) > 12:
                assert text in response.text
    assert responses.count(store, workshop.code) == 0


@pytest.mark.parametrize("feature", FEATURES)
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_every_feature_has_a_page_in_each_language(
    feature: str, language: str, client: FlaskClient, workshop_on: Callable[[str], Workshop]
) -> None:
    workshop = workshop_on(feature)
    response = client.get(f"/{workshop.code}/{language}/{new_id()}")
    assert response.status_code == 200
    assert f"<html lang={language} dir={'rtl' if language == 'ar' else 'ltr'}>" in quoteless(
        response.text
    )


def test_labelled_exports_say_words_for_codes(
    client: FlaskClient, store: Store, workshop_on: Callable[[str], Workshop]
) -> None:
    workshop = workshop_on("matrix")
    send(client, workshop, {"asset__roads": "2", "every__first": "1", "every__second": "2"})
    header, row = csv.reader(io.StringIO(exported(store, workshop, "csv", "ar"), newline=""))
    named = dict(zip(header, row, strict=True))
    assert named["المؤهلات – طرق [asset__roads]"] == "قوي"
    line = json.loads(exported(store, workshop, "jsonl", "fr"))
    assert line["answers"]["asset"] == {"roads": "Fort"}


def test_a_partial_language_shows_its_own_words_and_marks_the_others(
    client: FlaskClient, workshop_on: Callable[[str], Workshop]
) -> None:
    workshop = workshop_on("partial_language")
    page = quoteless(client.get(f"/{workshop.code}/zgh/{new_id()}").text)
    assert "<html lang=zgh dir=ltr>" in page
    assert "<h1>ⴰⵔⵎ</h1>" in page
    assert "<span lang=fr>Idée</span>" in page


def test_a_recording_can_be_heard_in_the_languages_that_have_it(
    client: FlaskClient, workshop_on: Callable[[str], Workshop]
) -> None:
    workshop = workshop_on("audio")
    heard = {
        language: re.findall(
            r"id=q-(\w+)[^>]* data-audio=([^ >]+)",
            quoteless(client.get(f"/{workshop.code}/{language}/{new_id()}").text),
        )
        for language in ("fr", "ar")
    }
    assert [name for name, _ in heard["fr"]] == ["hello"]
    assert [name for name, _ in heard["ar"]] == ["hello", "idea"]
    [address] = {address for found in heard.values() for _, address in found}
    assert client.get(address).data == (HERE / "sounds" / "hello.wav").read_bytes()


def test_a_language_that_is_not_offered_has_no_page(
    client: FlaskClient, workshop_on: Callable[[str], Workshop]
) -> None:
    workshop = workshop_on("text")
    assert client.get(f"/{workshop.code}/zgh").status_code == 404
