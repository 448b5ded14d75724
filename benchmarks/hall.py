"""What the benchmarks share: a hall with an open workshop, its server, made-up participants, a table.

Prints nothing by itself.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

import click
import waitress
from flask import Flask

from survey.app import create_app, services_of
from survey.form import QuestionnaireForm
from survey.form.fields import AnswerField
from survey.questionnaire.expressions import Scope, Value, holds
from survey.questionnaire.loading import load
from survey.questionnaire.model import NOTICE_PLACEHOLDERS, OTHER, Choice, Question, Questionnaire
from survey.response import OPEN, Answer, Answers, Workshop, values_of
from survey.settings import PROJECT, Settings
from survey.store import workshops

HOST = "127.0.0.1:8000"
BROWSER = {
    "HTTP_HOST": HOST,
    "HTTP_ORIGIN": f"http://{HOST}",
    "HTTP_ACCEPT": "text/html",
    "HTTP_ACCEPT_ENCODING": "gzip, deflate",
    "HTTP_ACCEPT_LANGUAGE": "ar-MA,ar;q=0.9,fr;q=0.8",
}
"""What a phone sends over plain http, as WSGI names it."""

TRIES = 20
WORDS = """coopérative marché eau financement argan miel safran formation femmes jeunes qualité vente
    transport réseau commune province projet emploi tourisme artisanat التعاونية السوق الماء
    التمويل الأركان العسل الزعفران التكوين النساء الشباب الجودة البيع النقل الجماعة الإقليم"""

App = Callable[..., Iterable[bytes]]
Environ = dict[str, Any]
Reply = tuple[str, list[tuple[str, str]], bytes]


def souss_massa() -> Questionnaire:
    return load(PROJECT / "questionnaires" / "souss-massa.yaml")


def open_hall(folder: Path) -> tuple[Flask, Workshop]:
    """The app on an instance of its own, and an open workshop with its privacy notice filled in."""
    app = open_app(folder)
    store, questionnaire = services_of(app).store, souss_massa()
    words = dict.fromkeys(questionnaire.languages, "Agadir")
    notice = dict.fromkeys(NOTICE_PLACEHOLDERS, words)
    workshop = workshops.create(store, questionnaire, notice=notice)
    workshops.set_state(store, workshop.code, OPEN)
    return app, workshops.get(store, workshop.code)


def open_app(folder: Path) -> Flask:
    """The app on an instance that is there, or a new one."""
    return create_app(Settings(instance=folder), f"http://{HOST}")


@contextmanager
def served(app: Flask) -> Iterator[int]:
    """The app behind the real server, in a thread of its own; its port."""
    serving = waitress.create_server(app, host="127.0.0.1", port=0, threads=8, ident=None)
    threading.Thread(target=serving.run, daemon=True).start()
    try:
        yield serving.effective_port
    finally:
        serving.task_dispatcher.shutdown()
        serving.close()


def environ_of(path: str, body: bytes | None = None) -> Environ:
    """A request as a WSGI server hands it over: a GET, or the POST of a body."""
    return {
        **BROWSER,
        "REQUEST_METHOD": "GET" if body is None else "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body or b"")),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body or b""),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def call(app: App, environ: Environ) -> Reply:
    """Asks a WSGI app without any client between."""
    started: list[tuple[str, list[tuple[str, str]]]] = []
    parts = app(environ, lambda status, headers, _=None: started.append((status, headers)))
    body = b"".join(parts)
    if hasattr(parts, "close"):
        parts.close()
    return *started[0], body


def made_up(questionnaire: Questionnaire, chance: Random, *, whole: bool = False) -> Answers:
    """One participant's valid answers, with blanks, don't know and what is not relevant; `whole`
    looks for one who was asked everything and left out nothing."""
    while True:
        answers = _answers(questionnaire, chance, 0.0 if whole else 0.12)
        asked = (
            question.name in answers for question in questionnaire.questions() if question.asks
        )
        if not whole or all(asked):
            return answers


def sent(questionnaire: Questionnaire, answers: Answers) -> dict[str, list[str]]:
    """What a browser sends for these answers, by HTML name, without the inputs left empty."""
    form = QuestionnaireForm(questionnaire, questionnaire.default_language, today=date.today())
    form.show(answers)
    fields = (field for field in form if isinstance(field, AnswerField))
    return {name: values for field in fields for name, values in field.sent.items()}


def body_of(page: str, given: dict[str, list[str]]) -> bytes:
    """The body a browser posts from a blank form page: its inputs in order, empty ones too."""
    pairs: list[tuple[str, str]] = []
    for name, kind, value in Inputs(page).found:
        if kind in ("radio", "checkbox"):
            pairs += [(name, value)] if value in given.get(name, ()) else []
        else:
            pairs += [(name, text) for text in given.get(name, [value])]
    return urlencode(pairs).encode()


class Inputs(HTMLParser):
    """The name, type and value of each input on a page that is sent."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        name = named.get("name")
        if name and tag in ("input", "textarea", "select"):
            self.found.append((name, named.get("type") or "", named.get("value") or ""))


def _answers(questionnaire: Questionnaire, chance: Random, silence: float) -> dict[str, Answer]:
    answers: dict[str, Answer] = {}
    values: dict[str, Value] = {}
    today = date.today().isoformat()
    for question in questionnaire.questions():
        scope = Scope(values, questionnaire.conditions, today)
        if not question.asks or not holds(question.relevant, scope):
            continue
        answer = _answer(question, chance, silence, scope)
        answers[question.name] = answer
        values |= values_of(question, answer)
        if answer == OTHER or (isinstance(answer, list) and OTHER in answer):
            answers[f"{question.name}__other"] = values[f"{question.name}__other"] = _words(
                chance, 40
            )
    return answers


def _answer(question: Question, chance: Random, silence: float, scope: Scope) -> Answer:
    if chance.random() < silence:
        if question.missing() and not question.rows:
            return {"missing": chance.choice(question.missing()).name}
        if not question.required:
            return None
    for _ in range(TRIES):
        answer = ANSWERS[question.type](question, chance)
        this = values_of(question, answer).get(question.name)
        if question.constraint is None or holds(
            question.constraint, Scope(scope.values, scope.conditions, scope.today, this)
        ):
            return answer
    return None


def _words(chance: Random, limit: int) -> str:
    text = " ".join(chance.choices(WORDS.split(), k=chance.randint(1, max(1, limit // 12))))
    return text[:limit].strip()


def _text(question: Question, chance: Random) -> Answer:
    return _words(chance, min(question.max_length or 300, 300))


def _statements(question: Question, chance: Random) -> Answer:
    count = chance.randint(1, question.max_items or 1)
    return [_words(chance, question.max_length or 140) for _ in range(count)]


def _number(question: Question, chance: Random) -> int:
    least = int(question.min) if isinstance(question.min, int | Decimal) else 0
    most = int(question.max) if isinstance(question.max, int | Decimal) else 10**6
    return min(most, least + int(chance.expovariate(1 / 30)))


def _date(question: Question, chance: Random) -> Answer:
    first = question.min if isinstance(question.min, date) else date(2020, 1, 1)
    last = question.max if isinstance(question.max, date) else date(2025, 12, 31)
    return (first + timedelta(days=chance.randint(0, (last - first).days))).isoformat()


def _options(question: Question) -> list[Choice]:
    return [choice for choice in question.options() if choice not in question.missing()]


def _several(question: Question, chance: Random) -> Answer:
    options = _options(question)
    alone = [choice.name for choice in options if choice.exclusive]
    if alone and chance.random() < 0.1:
        return [chance.choice(alone)]
    names = [choice.name for choice in options if not choice.exclusive]
    most = question.max if isinstance(question.max, int) else min(6, len(names))
    least = question.min if isinstance(question.min, int) else 1
    chosen = chance.sample(names, chance.randint(least, most))
    return [name for name in names if name in chosen]


def _rank(question: Question, chance: Random) -> Answer:
    names = [choice.name for choice in question.choices]
    most = question.max if isinstance(question.max, int) else len(names)
    least = question.min if isinstance(question.min, int) else 1
    return chance.sample(names, chance.randint(least, most))


def _rows(question: Question, chance: Random) -> Answer:
    def point() -> Answer:
        if question.missing() and chance.random() < 0.05:
            return {"missing": chance.choice(question.missing()).name}
        return chance.choice(question.choices).name

    return {row.name: point() for row in question.rows}


def _shares(question: Question, chance: Random) -> Answer:
    total = question.total or 100
    cuts = sorted(chance.randint(0, total) for _ in question.choices[1:])
    parts = [right - left for left, right in zip([0, *cuts], [*cuts, total], strict=True)]
    return {choice.name: part for choice, part in zip(question.choices, parts, strict=True)}


ANSWERS: dict[str, Callable[[Question, Random], Answer]] = {
    "text": _text,
    "integer": _number,
    "decimal": lambda question, chance: f"{_number(question, chance)}.5",
    "date": _date,
    "select_one": lambda question, chance: chance.choice(_options(question)).name,
    "select_multiple": _several,
    "rank": _rank,
    "matrix": _rows,
    "allocation": _shares,
    "statements": _statements,
    "vote": _rows,
}
"""How each question type is answered. Choice filters are not followed: Souss-Massa has none."""


def markdown(header: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The lines of a table: the first column to the left, numbers to the right."""
    names = list(header)
    yield f"| {' | '.join(names)} |"
    yield f"|{'|'.join(['---', *['---:'] * (len(names) - 1)])}|"
    for row in rows:
        yield f"| {' | '.join(map(str, row))} |"


def show(header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Prints a table as Markdown."""
    for line in markdown(header, rows):
        click.echo(line)
