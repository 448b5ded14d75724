"""`survey serve` on a fresh instance, and the app under any WSGI server."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import PROJECT

READY = "Stop with Ctrl+C."


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served:
    """A running `survey serve` and what it printed until it was ready."""

    def __init__(self, instance: Path, port: int, **environment: str) -> None:
        self.port = port
        self.process = subprocess.Popen(
            [sys.executable, "-m", "survey", "serve", "--port", str(port)],
            cwd=PROJECT,
            env={**os.environ, "SURVEY_INSTANCE": str(instance), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        self.printed = self._read_until_ready()

    def _read_until_ready(self) -> str:
        assert self.process.stdout is not None
        printed = ""
        for line in self.process.stdout:
            printed += line
            if READY in line:
                break
        return printed

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            return str(answer.read().decode())

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def served(instance: Path) -> Iterator[Served]:
    served = Served(instance, free_port())
    yield served
    served.stop()


@pytest.mark.skipif(sys.platform == "win32", reason="reads the output as it comes")
class TestServe:
    def test_it_needs_no_configuration(self, served: Served, instance: Path) -> None:
        found = re.search(r"Participants \(trial\): http://\S+/([0-9A-Z]{6})\n", served.printed)
        assert found, served.printed
        code = found[1]
        page = served.get(f"/{code}/ar")
        assert '<html lang="ar" dir="rtl">' in page and f"/{code}/ar/new" in page
        assert '<p class="trial">' in page
        link = re.search(r"http://\S+(/desk/fr/link/\S+)", served.printed)
        assert link and 'name="again"' in served.get(link[1])
        assert "█" in served.printed
        assert {path.name for path in instance.iterdir()} >= {"secret", "survey.sqlite3"}
        assert oct((instance / "secret").stat().st_mode)[-3:] == "600"
        assert oct((instance / "survey.sqlite3").stat().st_mode)[-3:] == "600"

    def test_a_second_start_finds_the_same_workshop(self, served: Served, instance: Path) -> None:
        code = re.search(r"/([0-9A-Z]{6})\n", served.printed)
        assert code
        served.stop()
        again = Served(instance, free_port())
        assert f"/{code[1]}\n" in again.printed
        again.stop()

    def test_a_port_that_is_taken_is_explained(self, served: Served, tmp_path: Path) -> None:
        other = Served(tmp_path / "other", served.port)
        assert other.process.wait(20) == 1
        assert "Choose another with --port" in other.printed
        assert "Traceback" not in other.printed
        other.stop()

    def test_the_address_that_was_set_is_the_one_that_is_shown(self, tmp_path: Path) -> None:
        served = Served(tmp_path / "set", free_port(), SURVEY_BASE_URL="https://tashkhis.example")
        assert "Participants (trial): https://tashkhis.example/" in served.printed
        served.stop()

    def test_without_questionnaires_it_says_so_and_serves(self, tmp_path: Path) -> None:
        (tmp_path / "none").mkdir()
        served = Served(
            tmp_path / "empty", free_port(), SURVEY_QUESTIONNAIRES=str(tmp_path / "none")
        )
        assert "There is no workshop yet" in served.printed
        assert "<html" in served.get("/")
        served.stop()

    def test_many_phones_that_only_knock_do_not_stop_it(self, served: Served) -> None:
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard < 2000:
            pytest.skip("this system lets a process open fewer than 2,000 files")
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2000), hard))
        idle = [socket.create_connection(("127.0.0.1", served.port), 20) for _ in range(1200)]
        try:
            assert "<html" in served.get("/")
            assert served.process.poll() is None
        finally:
            for connection in idle:
                connection.close()

    def test_a_body_too_large_for_the_app_gets_the_apps_own_page(self, served: Served) -> None:
        request = urllib.request.Request(
            f"http://127.0.0.1:{served.port}/desk/ar/sign-in",
            data=b"name=" + b"x" * 3_000_000,
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=20)
        with refused.value as answer:
            assert answer.code == 413
            assert '<html lang="ar" dir="rtl">' in answer.read().decode()

    def test_it_stops_quietly(self, instance: Path) -> None:
        served = Served(instance, free_port())
        served.process.send_signal(signal.SIGINT)
        assert served.process.wait(20) == 0
        assert served.process.stdout is not None
        assert "Traceback" not in served.process.stdout.read()
        served.stop()


def test_wsgi_serves_the_same_app(instance: Path) -> None:
    code = (
        "import wsgi; client = wsgi.app.test_client(); "
        "print(client.get('/').status_code, client.get('/desk/').status_code)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env={**os.environ, "SURVEY_INSTANCE": str(instance)},
        capture_output=True,
        text=True,
    )
    assert ran.stdout.split() == ["200", "303"], ran.stderr


def test_what_is_heavy_is_not_imported() -> None:
    code = (
        "import sys, survey.app, survey.cli; "
        "heavy = 'numpy pandas pyarrow pyreadstat duckdb xlsxwriter babel'.split(); "
        "print([name for name in heavy if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"
