"""What is taken away from the desk: every choice, long exports in a process of their own, and whose
they are."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey import export_jobs
from survey.app import create_app, services_of
from survey.cli import main
from survey.export import FORMATS, Format
from survey.facilitator.views import COOKIE
from survey.response import FACILITATOR, Sending, Workshop, new_id
from survey.settings import Settings
from survey.store import Store, StoreError, facilitators, log, responses, shares
from tests.conftest import PROJECT, questionnaire_of
from tests.facilitator.test_desk import QUESTIONNAIRE

Rows = list[dict[str, str]]

LONG_LABEL = questionnaire_of(
    f"- {{type: text, name: idea, label: {{fr: {'Très long ' * 40}, ar: فكرة}}}}"
)


@pytest.fixture
def app(instance: Path) -> Iterator[Flask]:
    """Exports of more than ten responses are long."""
    made = create_app(Settings(instance=instance, export_at_once=10), "http://workshop.test:8000")
    made.testing = True
    yield made
    services_of(made).store.close()


@pytest.fixture
def workshop(store: Store, open_workshop: Callable[..., Workshop]) -> Workshop:
    for name in ("owner", "colleague", "stranger"):
        facilitators.add(store, name, FACILITATOR)
    found = open_workshop(QUESTIONNAIRE, owner="owner")
    shares.share(store, found.code, "colleague")
    return found


@pytest.fixture
def sign_in(app: Flask, store: Store) -> Callable[[str], FlaskClient]:
    def signed_in(name: str) -> FlaskClient:
        client = app.test_client()
        client.set_cookie(COOKIE, facilitators.begin_session(store, name), path="/desk")
        return client

    return signed_in


@pytest.fixture
def owner(sign_in: Callable[[str], FlaskClient], workshop: Workshop) -> FlaskClient:
    return sign_in("owner")


def answer(store: Store, workshop: Workshop, count: int, language: str = "fr") -> None:
    for number in range(count):
        id = f"{workshop.code.lower()}{language}{number:018}".translate(
            str.maketrans("0189", "abcd")
        )
        answers = {"actor": "coop", "idea": f"{language} {number}"}
        responses.add(store, workshop.code, Sending(id, answers, language))


def ask(desk: FlaskClient, workshop: Workshop, **sent: object) -> TestResponse:
    return desk.post(f"/desk/fr/workshops/{workshop.code}/exports", data={"format": "csv", **sent})


def rows(response: TestResponse) -> Rows:
    assert response.status_code == 200, response.text
    return [*csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"), newline=""))]


def ready(desk: FlaskClient, address: str) -> str:
    """The page of a long export once it is made."""
    for _ in range(300):
        page = desk.get(address)
        assert page.status_code == 200
        if 'data-state="running"' not in page.text:
            return page.text
        time.sleep(0.1)
    raise AssertionError("it is never ready")


def flood(store: Store, workshop: Workshop, count: int) -> None:
    """Many responses at once, as no phones send them."""
    numbers = "with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)"
    with store.write() as database:
        database.execute(
            f"{numbers} insert into response (id, receipt, workshop, created_at) "
            "select printf('%026d', i), printf('%08d', i), ?, '2026-03-22T09:41:07.123Z' from n",
            (count, workshop.code),
        )
        database.execute(
            f"{numbers} insert into revision (response, workshop, version, number, replaces, "
            "digest, answers, language, variant, channel, received_at) "
            "select printf('%026d', i), ?, ?, 1, 0, printf('%064d', i), ?, 'fr', 'full', 'web', "
            "'2026-03-22T09:41:07.123Z' from n",
            (count, workshop.code, workshop.version, '{"actor":"coop","idea":"x"}'),
        )


def start(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "survey.export_jobs", str(folder)], cwd=PROJECT)


class TestChoices:
    def test_the_usual_file_comes_at_once_and_is_logged(
        self, owner: FlaskClient, store: Store, workshop: Workshop
    ) -> None:
        answer(store, workshop, 3)
        found = rows(ask(owner, workshop, style="codes"))
        assert [row["idea"] for row in found] == ["fr 0", "fr 1", "fr 2"]
        (entry, *_) = log.page(store, workshop.code)
        assert (entry.action, entry.facilitator) == ("exported", "owner")
        assert entry.detail == "csv, wide, codes"

    @pytest.mark.parametrize(
        ("sent", "count"),
        [
            ({"answered_in": "ar"}, 2),
            ({"actor_group": "producers"}, 5),
            ({"actor_group": "others"}, 0),
            ({"since": "2000-01-01", "until": "2001-01-01"}, 0),
            ({"since": "2000-01-01"}, 5),
            ({"everything": "1", "revisions": "1"}, 5),
            ({"shape": "statements"}, 5),
        ],
    )
    def test_responses_can_be_chosen(
        self,
        owner: FlaskClient,
        store: Store,
        workshop: Workshop,
        sent: dict[str, str],
        count: int,
    ) -> None:
        answer(store, workshop, 3)
        answer(store, workshop, 2, "ar")
        assert len(rows(ask(owner, workshop, **sent))) == count

    def test_words_stand_alone_or_beside_codes(
        self, owner: FlaskClient, store: Store, workshop: Workshop
    ) -> None:
        answer(store, workshop, 1)
        (row,) = rows(ask(owner, workshop, style="labels", words="ar"))
        assert row["من؟ [actor]"] == "تعاونية"
        (row,) = rows(ask(owner, workshop, style="both", words="fr"))
        assert (row["actor"], row["actor__label"]) == ("coop", "Coopérative")

    def test_a_public_file_has_no_texts_and_says_so_in_its_name_and_the_log(
        self, owner: FlaskClient, store: Store, workshop: Workshop
    ) -> None:
        answer(store, workshop, 2)
        response = ask(owner, workshop, public="1")
        assert [row["receipt"] for row in rows(response)] == ["public-1", "public-2"]
        assert b"fr 0" not in response.data
        assert "-public.csv" in response.headers["Content-Disposition"]
        assert log.page(store, workshop.code)[0].detail == "csv, wide, codes, public"

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({"format": "exe"}, "format"),
            ({"format": "html", "shape": "wide"}, "shape"),
            ({"since": "yesterday"}, "since"),
            ({"since": "0001-01-01"}, "since"),
            ({"since": "2026-03-22", "until": "2026-03-21"}, "until"),
            ({"public": "1", "personal": "1"}, "public"),
            ({"public": "1", "revisions": "1"}, "public"),
            ({"public": "1", "shape": "statements"}, "shape"),
            ({"public": "1", "actor_group": "producers"}, "public"),
        ],
    )
    def test_what_does_not_go_together_is_said_at_its_place_and_nothing_is_lost(
        self, owner: FlaskClient, workshop: Workshop, sent: dict[str, str], field: str
    ) -> None:
        page = ask(owner, workshop, **{"answered_in": "ar", **sent})
        assert page.status_code == 422
        assert f'id="{field}-error"' in page.text
        chosen = re.search('<select id="answered_in".*?</select>', page.text, re.DOTALL)
        assert chosen and '<option value="ar" lang="ar" selected>' in chosen[0]

    @pytest.mark.parametrize(
        "sent",
        [
            {"answered_in": "xx"},
            {"actor_group": "nobody"},
            {"territory": "09"},
            {"shape": "round"},
            {"style": "loud"},
            {"style": "labels", "words": "xx"},
            {"also": "ZZZZZZ"},
        ],
    )
    def test_what_the_form_does_not_offer_is_refused(
        self, owner: FlaskClient, workshop: Workshop, sent: dict[str, str]
    ) -> None:
        assert ask(owner, workshop, **sent).status_code == 400

    def test_a_format_that_is_not_installed_shows_the_command_that_installs_it(
        self, owner: FlaskClient, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        absent = Format("sav", "x", FORMATS["csv"].write, module="no_such_library", extra="spss")
        monkeypatch.setitem(FORMATS, "sav", absent)
        page = owner.get(f"/desk/fr/workshops/{workshop.code}/exports").text
        assert "pip install &#34;tashkhis[spss]&#34;" in page and 'value="sav"' not in page
        assert ask(owner, workshop, format="sav").status_code == 422

    def test_questionnaires_that_do_not_go_together_say_so(
        self,
        owner: FlaskClient,
        store: Store,
        open_workshop: Callable[..., Workshop],
        workshop: Workshop,
    ) -> None:
        other = questionnaire_of("- {type: integer, name: actor, label: {fr: N, ar: ن}}")
        second = open_workshop(other, owner="owner")
        page = ask(owner, workshop, also=second.code)
        assert page.status_code == 422 and "Exportez ces ateliers un par un" in page.text

    def test_what_a_format_could_not_hold_is_said_before_the_download(
        self, owner: FlaskClient, open_workshop: Callable[..., Workshop]
    ) -> None:
        workshop = open_workshop(LONG_LABEL, owner="owner")
        quick = f"/desk/fr/workshops/{workshop.code}/export?format=sav"
        assert str(owner.get(quick).location).startswith(
            f"/desk/fr/workshops/{workshop.code}/exports?format=sav"
        )
        address = str(ask(owner, workshop, format="sav").location)
        page = owner.get(address).text
        assert "SPSS a des libellés plus courts" in page and "Coupés : idea" in page
        file = owner.get(f"{address}/file")
        assert file.status_code == 200 and file.data.startswith(b"$FL2")


class TestSeveralWorkshops:
    def test_those_that_she_runs_go_together(
        self,
        owner: FlaskClient,
        store: Store,
        workshop: Workshop,
        open_workshop: Callable[..., Workshop],
    ) -> None:
        second = open_workshop(QUESTIONNAIRE, owner="owner")
        foreign = open_workshop(QUESTIONNAIRE, owner="stranger")
        for each in (workshop, second, foreign):
            answer(store, each, 2)
        page = owner.get(f"/desk/fr/workshops/{workshop.code}/exports").text
        assert second.code in page and foreign.code not in page
        found = rows(ask(owner, workshop, also=second.code))
        assert {row["workshop"] for row in found} == {workshop.code, second.code}
        assert log.page(store, second.code)[0].action == "exported"
        assert ask(owner, workshop, also=foreign.code).status_code == 400


class TestLongOnes:
    @pytest.fixture
    def address(self, owner: FlaskClient, store: Store, workshop: Workshop) -> str:
        answer(store, workshop, 25)
        response = ask(owner, workshop)
        assert response.status_code == 303
        return str(response.location)

    def test_it_runs_by_itself_and_is_fetched_when_it_is_ready(
        self, owner: FlaskClient, address: str, workshop: Workshop
    ) -> None:
        assert f"{address}/file" in ready(owner, address)
        response = owner.get(f"{address}/file")
        assert len(rows(response)) == 25
        assert "attachment" in response.headers["Content-Disposition"]
        page = owner.get(f"/desk/fr/workshops/{workshop.code}/exports").text
        assert address in page

    def test_it_is_hers_alone(
        self, owner: FlaskClient, sign_in: Callable[[str], FlaskClient], store: Store, address: str
    ) -> None:
        ready(owner, address)
        facilitators.add(store, "admin")
        for name in ("colleague", "stranger", "admin"):
            other = sign_in(name)
            for place in (address, f"{address}/file"):
                assert other.get(place).status_code == 404
            assert other.post(address).status_code == 404
        assert owner.get(f"{address}/file").status_code == 200

    def test_who_may_no_longer_run_the_workshop_cannot_fetch_it(
        self,
        sign_in: Callable[[str], FlaskClient],
        store: Store,
        workshop: Workshop,
    ) -> None:
        answer(store, workshop, 11)
        colleague = sign_in("colleague")
        address = str(ask(colleague, workshop).location)
        ready(colleague, address)
        shares.take_back(store, workshop.code, "colleague", "owner")
        assert colleague.get(f"{address}/file").status_code == 404

    def test_nobody_else_on_the_computer_can_read_it(
        self, owner: FlaskClient, address: str, instance: Path
    ) -> None:
        ready(owner, address)
        (folder,) = (instance / "exports").iterdir()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        for file in folder.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600

    def test_it_can_be_thrown_away(
        self, owner: FlaskClient, address: str, instance: Path, workshop: Workshop
    ) -> None:
        ready(owner, address)
        response = owner.post(address)
        assert response.status_code == 303
        assert str(response.location).endswith(f"/workshops/{workshop.code}/exports")
        assert owner.get(address).status_code == 404
        assert not [*(instance / "exports").iterdir()]

    def test_no_path_is_made_of_what_the_address_says(
        self, owner: FlaskClient, address: str, instance: Path
    ) -> None:
        ready(owner, address)
        for wrong in ("..", "%2e%2e", ".", "x" * 32, "..%2fsurvey.sqlite3"):
            assert owner.get(f"/desk/fr/exports/{wrong}/file").status_code in (404, 308)

    def test_the_quick_download_of_a_long_one_leads_to_the_choices(
        self, owner: FlaskClient, address: str, workshop: Workshop
    ) -> None:
        quick = f"/desk/fr/workshops/{workshop.code}/export?format=jsonl&language=ar"
        response = owner.get(quick)
        assert response.status_code == 303
        page = owner.get(str(response.location)).text
        assert '<input type="radio" name="format" value="jsonl" checked>' in page

    def test_what_cannot_be_made_says_why(
        self,
        owner: FlaskClient,
        store: Store,
        workshop: Workshop,
        open_workshop: Callable[..., Workshop],
    ) -> None:
        other = questionnaire_of("- {type: integer, name: actor, label: {fr: N, ar: ن}}")
        second = open_workshop(other, owner="owner")
        answer(store, workshop, 25)
        address = str(ask(owner, workshop, also=second.code).location)
        assert "Exportez ces ateliers un par un" in ready(owner, address)

    def test_it_says_what_its_format_could_not_hold(
        self, owner: FlaskClient, store: Store, open_workshop: Callable[..., Workshop]
    ) -> None:
        workshop = open_workshop(LONG_LABEL, owner="owner")
        for _ in range(25):
            responses.add(store, workshop.code, Sending(new_id(), {"idea": "x"}, "fr"))
        address = str(ask(owner, workshop, format="sav").location)
        page = ready(owner, address)
        assert "SPSS a des libellés plus courts" in page
        assert "تسميات SPSS أقصر" in owner.get(address.replace("/fr/", "/ar/")).text


class TestJobs:
    """The process and its folder, without the desk."""

    @pytest.fixture
    def settings(self, instance: Path) -> Settings:
        return Settings(instance=instance)

    def kept(self, settings: Settings, code: str = "ABC234", format: str = "csv") -> Path:
        """A job whose process gave its last sign of life just now."""
        folder = settings.instance / "exports" / os.urandom(16).hex()
        folder.mkdir(parents=True)
        order = {"codes": [code], "format_name": format, "shape": "wide"}
        order |= {"wording": {}, "selection": {}}
        about = {"owner": "owner", "order": order, "name": "a.csv", "all": 100, "begun": 0.0}
        (folder / "order.json").write_text(json.dumps(about))
        (folder / "progress").write_text("50")
        return folder

    def test_no_more_than_two_run_at_once(self, settings: Settings) -> None:
        folders = [self.kept(settings) for _ in range(2)]
        order = export_jobs.jobs_of(settings, "owner")[0].order
        with pytest.raises(export_jobs.TooMany):
            export_jobs.begin(settings, "owner", order, "b.csv", 100)
        assert len(folders) == len(export_jobs.jobs_of(settings, "owner"))

    def test_progress_is_of_all_and_never_full_before_the_end(self, settings: Settings) -> None:
        folder = self.kept(settings)
        (job,) = export_jobs.jobs_of(settings, "owner")
        assert (job.state, job.percent) == ("running", 50)
        (folder / "progress").write_text("1000")
        assert export_jobs.jobs_of(settings, "owner")[0].percent == 99

    def test_one_without_a_sign_of_life_is_taken_for_stopped(self, settings: Settings) -> None:
        folder = self.kept(settings)
        past = time.time() - 31
        os.utime(folder / "progress", (past, past))
        (job,) = export_jobs.jobs_of(settings, "owner")
        assert job.state == "stopped"

    def test_what_is_older_than_a_day_is_gone_at_the_next_start(
        self, settings: Settings, instance: Path
    ) -> None:
        old, new = self.kept(settings), self.kept(settings)
        past = time.time() - 86_401
        os.utime(old, (past, past))
        services_of(create_app(settings)).store.close()
        assert not old.exists() and new.exists()

    def test_what_is_older_than_a_day_is_not_found_any_more(self, settings: Settings) -> None:
        old = self.kept(settings)
        past = time.time() - 86_401
        os.utime(old, (past, past))
        assert export_jobs.find(settings, "owner", old.name) is None
        assert not old.exists()

    @pytest.mark.parametrize("is_held", [False, True], ids=["", "journal held"])
    @pytest.mark.parametrize("way", ["desk", "participant", "command"])
    def test_an_erased_response_is_in_no_file_that_is_kept(
        self,
        settings: Settings,
        store: Store,
        workshop: Workshop,
        owner: FlaskClient,
        monkeypatch: pytest.MonkeyPatch,
        way: str,
        is_held: bool,
    ) -> None:
        """Nor where a copy stays in the journal, as something else reads the database."""

        def held(_: Store) -> None:
            raise StoreError("held")

        if is_held:
            monkeypatch.setattr(responses, "_empty_journal", held)
        id = new_id()
        receipt = responses.add(store, workshop.code, Sending(id, {"actor": "coop"}, "fr")).code
        mine, other = self.kept(settings, workshop.code), self.kept(settings, "ZZZZZZ")
        if way == "desk":
            owner.post(f"/desk/fr/workshops/{workshop.code}/responses/{receipt}/erase")
        elif way == "participant":
            with pytest.raises(StoreError) if is_held else nullcontext():
                owner.post(f"/{workshop.code}/fr/{id}/withdraw", data={"_end": "1"})
        else:
            monkeypatch.setenv("SURVEY_INSTANCE", str(settings.instance))
            done = CliRunner().invoke(main, ["response", "erase", receipt, "--yes"])
            assert done.exit_code == int(is_held), done.output
        assert responses.count(store, workshop.code) == 0
        assert not mine.exists() and other.exists()

    def test_a_cancelled_process_ends_and_leaves_nothing(
        self, settings: Settings, store: Store, workshop: Workshop
    ) -> None:
        folder = self.kept(settings, workshop.code, "zip")
        (folder / "progress").write_text("0")
        flood(store, workshop, 30_000)  # so many that it still reads when it is cancelled
        process = start(folder)
        while int((folder / "progress").read_text()) < 1 and process.poll() is None:
            time.sleep(0.02)
        (job,) = export_jobs.jobs_of(settings, "owner")
        export_jobs.remove(job)
        assert process.wait(20) == 0
        assert not folder.exists()

    def test_making_a_file_writes_nothing_to_the_database(
        self, settings: Settings, store: Store, workshop: Workshop
    ) -> None:
        answer(store, workshop, 300)
        folder = self.kept(settings, workshop.code)
        journal = settings.database.with_name(f"{settings.database.name}-wal")
        before = settings.database.stat(), journal.stat().st_size if journal.exists() else 0
        with store.write():  # a writer in the middle of its work delays nobody who reads
            assert start(folder).wait(30) == 0
        assert (folder / "file").stat().st_size > 300
        after = settings.database.stat(), journal.stat().st_size if journal.exists() else 0
        assert before[0].st_mtime == after[0].st_mtime and before[1] == after[1]
        assert export_jobs.jobs_of(settings, "owner")[0].state == "ready"
