"""What the tests share: questionnaires written inline, an app on an instance of its own, a server."""

from __future__ import annotations

import importlib
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest
import waitress
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings

from survey.app import create_app, services_of
from survey.questionnaire.loading import load_text
from survey.questionnaire.model import Questionnaire
from survey.response import OPEN, Response, Workshop
from survey.settings import Settings
from survey.store import Store, workshops
from survey.table import Dataset, Table, Wording, wide
from survey.table.dataset import LABELS

PROJECT = Path(__file__).resolve().parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
MUST_HAVE_ALL = os.environ.get("TESTS_MUST_RUN") == "all"
"""Set where a missing browser or program is a failure, not a reason to skip."""


def needed(module: str) -> Any:
    """A module for tests alone; where it cannot be installed they are skipped, or fail if they must
    run."""
    if MUST_HAVE_ALL:
        return importlib.import_module(module)
    return pytest.importorskip(module, reason=f"there is no {module} for this Python")


def needed_program(name: str, package: str) -> str:
    """The path of a program for tests alone; where it is not there they are skipped, or fail if they
    must run."""
    path = shutil.which(name)
    if path is None:
        message = f"no {name} on this machine: install Debian's package `{package}`"
        if MUST_HAVE_ALL:
            pytest.fail(message)
        pytest.skip(message)
    return path


settings.register_profile(
    "survey",
    deadline=None,
    max_examples=100,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("survey")


def quoteless(page: str) -> str:
    """A page without the quotes round attributes, which pages made small leave out."""
    return page.replace('"', "")


HEADER = """\
name: tiny
title: {fr: Essai, ar: تجربة}
languages: [fr, ar]
privacy_notice: {fr: "Avis de {controller}", ar: "إشعار {controller}"}
"""


def questionnaire_text(questions: str, top: str = "") -> str:
    """A whole questionnaire around questions written in YAML; `top` holds top-level keys."""
    body = indent(dedent(questions).strip(), "  ")
    return (
        HEADER
        + dedent(top)
        + "sections:\n- name: only\n  title: {fr: Tout, ar: الكل}\n  questions:\n"
        + body
        + "\n"
    )


def questionnaire_of(questions: str, top: str = "") -> Questionnaire:
    return load_text(questionnaire_text(questions, top).encode(), "tiny.yaml")


def dataset_of(
    questionnaire: Questionnaire, responses: Iterable[Response], language: str | None = None
) -> Dataset:
    """Responses to a questionnaire, whatever version they say they answered; as codes, or as words
    in a language."""
    known = list(responses)
    versions = sorted({response.version for response in known} or {"0" * 64})
    wording = Wording(LABELS, language) if language else Wording()
    return Dataset(dict.fromkeys(versions, questionnaire), lambda: iter(known), (), wording)


def table_of(
    questionnaire: Questionnaire, responses: Iterable[Response], language: str | None = None
) -> Table:
    """A row for each response."""
    return wide(dataset_of(questionnaire, responses, language))


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    return tmp_path / "instance"


@pytest.fixture
def app(instance: Path) -> Iterator[Flask]:
    made = create_app(Settings(instance=instance), "http://workshop.test:8000")
    made.testing = True
    yield made
    services_of(made).store.close()


@pytest.fixture
def store(app: Flask) -> Store:
    return services_of(app).store


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def open_workshop(store: Store) -> Callable[..., Workshop]:
    """Opens a trial workshop on a questionnaire."""

    def opened(questionnaire: Questionnaire, **options: Any) -> Workshop:
        created = workshops.create(store, questionnaire, **{"trial": True, **options})
        workshops.set_state(store, created.code, OPEN)
        return workshops.get(store, created.code)

    return opened


@pytest.fixture
def server(app: Flask) -> Iterator[str]:
    """The app behind the real server; its address."""
    app.testing = False
    serving = waitress.create_server(app, host="127.0.0.1", port=0, threads=8)
    stopping = threading.Event()

    def run() -> None:
        try:
            serving.run()
        except OSError:  # what it waits on is closed below, under its hands
            if not stopping.is_set():
                raise

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{serving.effective_port}"
    stopping.set()
    serving.task_dispatcher.shutdown()
    serving.close()
    for channel in [*serving.active_channels.values()]:
        channel.close()
    thread.join(5)


# What pytest-playwright asks for: Debian's browser, on a phone.


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    if CHROMIUM is None:
        message = "no Chromium on this machine: install Debian's package `chromium`"
        if MUST_HAVE_ALL:
            pytest.fail(message)
        pytest.skip(message)
    return {
        "executable_path": CHROMIUM,
        "args": [
            "--headless=new",
            "--no-sandbox",
            "--disable-quic",
            "--no-first-run",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--host-resolver-rules=MAP workshop.test 127.0.0.1",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {
        "viewport": {"width": 360, "height": 740},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
        "locale": "ar-MA",
        "timezone_id": "Africa/Casablanca",
    }
