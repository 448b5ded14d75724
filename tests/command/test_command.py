"""The `survey` command: what it prints, where, and with which exit status."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey.cli import main
from survey.export import FORMATS
from survey.response import Sending, Workshop, new_id
from survey.settings import Settings, SettingsError, read_secret, read_settings
from survey.store import Store, open_store, responses, shares, workshops
from tests.conftest import PROJECT, questionnaire_of, questionnaire_text

Run = Callable[..., Result]

NOTICE = ["--controller", "Ministère", "--contact", "x@y.ma", "--retention", "2 ans"]


@pytest.fixture
def run(instance: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("SURVEY_INSTANCE", str(instance))

    def run(*arguments: str) -> Result:
        result = CliRunner().invoke(main, arguments)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


@pytest.fixture
def store(instance: Path) -> Store:
    return open_store(instance / "survey.sqlite3", read_secret(instance))


class TestCheck:
    def test_shipped_questionnaires_are_right(self, run: Run) -> None:
        files = [str(path) for path in sorted((PROJECT / "questionnaires").glob("*.yaml"))]
        result = run("check", *files)
        assert result.exit_code == 0
        assert "38 questions in ar, fr, en, zgh 3 of" in result.stdout

    def test_problems_are_printed_with_place_and_remedy_and_exit_1(
        self, run: Run, tmp_path: Path
    ) -> None:
        path = tmp_path / "bad.yaml"
        path.write_text("name: x\ntitel: {fr: T}\n", encoding="utf-8")
        result = run("check", str(path))
        assert result.exit_code == 1
        assert (
            "bad.yaml:2:1: the questionnaire has no key `titel`. Did you mean `title`."
            in result.stdout
        )

    def test_a_file_that_is_not_there_exits_1(self, run: Run) -> None:
        result = run("check", "nowhere.yaml")
        assert (result.exit_code, result.stdout) == (1, "")
        assert "nowhere.yaml" in result.stderr

    def test_no_file_at_all_is_a_usage_error(self, run: Run) -> None:
        assert run("check").exit_code == 2


class TestWorkshops:
    def test_one_is_created_listed_opened_and_closed(self, run: Run) -> None:
        created = run("workshop", "create", "souss-massa", *NOTICE, "--cndp-receipt", "D-1/2026")
        assert created.exit_code == 0
        code = created.stdout.strip()
        for command, state in (("open", "open"), ("close", "closed")):
            assert run("workshop", command, code.lower()).exit_code == 0
            line = run("workshop", "list").stdout
            assert line.split("\t")[:3] == [code, state, "0 responses"]

    def test_it_does_not_open_while_its_notice_has_holes(self, run: Run) -> None:
        code = run("workshop", "create", "souss-massa", *NOTICE).stdout.strip()
        result = run("workshop", "open", code)
        assert result.exit_code == 1
        assert "cndp_receipt" in result.stderr

    def test_in_table_mode_the_list_counts_responses_and_people(
        self, run: Run, store: Store
    ) -> None:
        created = run("workshop", "create", "quick-diagnosis", "--trial", "--table-mode")
        code = created.stdout.strip()
        workshops.set_state(store, code, "open")
        for letter, people, said in (("a", 5, "1 response, 5 people"), ("b", 1, "2 responses, 6")):
            responses.add(store, code, Sending(letter * 26, {}, "fr", people=people))
            assert run("workshop", "list").stdout.split("\t")[2].startswith(said)

    def test_words_may_differ_by_language_and_must_be_in_each(self, run: Run) -> None:
        result = run("workshop", "create", "souss-massa", "--title", "fr=Tiznit")
        assert result.exit_code == 1
        assert "--title is missing in ar, en" in result.stderr

    def test_an_unknown_questionnaire_is_said_to_be_unknown(self, run: Run) -> None:
        result = run("workshop", "create", "nowhere")
        assert result.exit_code == 1
        assert "nowhere.yaml" in result.stderr

    def test_a_short_version_needs_core_questions(self, run: Run) -> None:
        result = run("workshop", "create", "quick-diagnosis", "--variant", "short")
        assert result.exit_code == 1
        assert "core: true" in result.stderr

    def test_an_unknown_time_zone_is_refused(self, run: Run) -> None:
        result = run("workshop", "create", "quick-diagnosis", "--timezone", "Mars/Base")
        assert result.exit_code == 2

    def test_an_unknown_code_exits_1(self, run: Run) -> None:
        for command in (["workshop", "open"], ["workshop", "close"], ["export"]):
            result = run(*command, "ZZZZZZ")
            assert result.exit_code == 1
            assert "ZZZZZZ" in result.stderr


class TestExport:
    @pytest.fixture
    def code(self, run: Run, store: Store) -> str:
        code = run("workshop", "create", "quick-diagnosis", "--trial").stdout.strip()
        workshops.set_state(store, code, "open")
        responses.add(store, code, Sending("a" * 26, {"actor": "cooperative"}, "fr"))
        return code

    def test_it_goes_to_stdout(self, run: Run, code: str) -> None:
        result = run("export", code, "--format", "jsonl")
        assert json.loads(result.stdout)["answers"] == {"actor": "cooperative"}

    def test_it_goes_to_a_file_whole_or_not_at_all(
        self, run: Run, code: str, tmp_path: Path
    ) -> None:
        target = tmp_path / "out.csv"
        assert run("export", code, "-o", str(target)).exit_code == 0
        (row,) = csv.DictReader(io.StringIO(target.read_text(encoding="utf-8-sig"), newline=""))
        assert row["workshop"] == code
        assert [path.name for path in tmp_path.iterdir() if "out" in path.name] == ["out.csv"]

    def test_a_link_stays_a_link(self, run: Run, code: str, tmp_path: Path) -> None:
        link, target = tmp_path / "link.csv", tmp_path / "real.csv"
        link.symlink_to(target)
        assert run("export", code, "-o", str(link)).exit_code == 0
        assert link.is_symlink() and code in target.read_text(encoding="utf-8-sig")

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no named pipes")
    def test_what_is_no_file_is_written_to_not_replaced(
        self, run: Run, code: str, tmp_path: Path
    ) -> None:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        try:
            assert run("export", code, "-o", str(pipe)).exit_code == 0
            assert code.encode() in os.read(reader, 65_536)
        finally:
            os.close(reader)
        assert pipe.is_fifo()
        assert run("export", code, "-o", str(tmp_path)).exit_code == 2

    def test_a_workshop_that_is_named_twice_is_exported_once(self, run: Run, code: str) -> None:
        twice = run("export", code, code.lower(), "--format", "jsonl")
        assert twice.stdout == run("export", code, "--format", "jsonl").stdout

    @pytest.mark.parametrize(
        "options", [["--territory", "agadir"], ["--answered-in", "zz"], ["--actor-group", "x"]]
    )
    def test_a_choice_that_nobody_can_have_made_is_mistyped(
        self, run: Run, code: str, options: list[str]
    ) -> None:
        result = run("export", code, *options)
        assert result.exit_code == 1 and f"{options[1]}. There are:" in result.stderr

    def test_a_time_before_all_calendars_is_explained(self, run: Run, code: str) -> None:
        result = run("export", code, "--since", "0001-01-01T00:00+01:00")
        assert result.exit_code == 2 and "2026-03-22" in result.stderr

    def test_what_a_format_cannot_hold_whole_is_said_and_the_file_is_there(
        self, run: Run, tmp_path: Path
    ) -> None:
        code = run("workshop", "create", "souss-massa", "--trial").stdout.strip()
        target = tmp_path / "out.sav"
        result = run("export", code, "--format", "sav", "-o", str(target))
        assert result.exit_code == 0, result.stderr
        assert target.read_bytes()[:4] == b"$FL2"
        assert result.stderr.startswith("Warning: SPSS has shorter labels")

    def test_its_help_says_what_each_format_needs(self, run: Run) -> None:
        listed = run("export", "--help").stdout
        assert all(f"\n    {name}" in listed for name in FORMATS)
        assert 'sav: takes more memory for more responses, needs pip install "tashkhis[spss]"' in (
            listed
        )

    def test_a_folder_that_is_not_there_exits_1(self, run: Run, code: str, tmp_path: Path) -> None:
        assert run("export", code, "-o", str(tmp_path / "no" / "out.csv")).exit_code == 1

    @pytest.mark.parametrize("options", [["--format", "exe"], ["--language", "de"]])
    def test_what_does_not_exist_is_explained(
        self, run: Run, code: str, options: list[str]
    ) -> None:
        result = run("export", code, *options)
        assert result.exit_code == 1
        assert "There" in result.stderr

    def test_a_response_is_erased_by_its_receipt_once(
        self, run: Run, code: str, store: Store
    ) -> None:
        receipt = next(responses.scan(store, code)).receipt
        typed = f"{receipt[:4].lower()} {receipt[4:]}"
        assert run("response", "erase", "--yes", typed).exit_code == 0
        again = run("response", "erase", "--yes", typed)
        assert again.exit_code == 1
        assert "erased already" in again.stderr


class TestResponses:
    @pytest.fixture
    def code(self, run: Run, store: Store) -> str:
        code = run("workshop", "create", "quick-diagnosis", "--trial").stdout.strip()
        workshops.set_state(store, code, "open")
        return code

    @pytest.fixture
    def receipt(self, store: Store, code: str) -> str:
        sending = Sending("a" * 26, {"actor": "coop"}, "fr", people=3)
        return responses.add(store, code, sending).code

    def test_they_are_listed_the_newest_first(
        self, run: Run, store: Store, code: str, receipt: str
    ) -> None:
        others = [
            responses.add(store, code, Sending(new_id(), {"actor": "bank"}, "ar")).code
            for _ in range(60)
        ]
        lines = [line.split("\t") for line in run("response", "list", code).stdout.splitlines()]
        assert [line[0] for line in lines] == [*others[::-1], receipt]
        assert lines[-1][2:] == ["fr", "web", "1", "-"]

    def test_one_is_shown_in_words(self, run: Run, receipt: str) -> None:
        typed = f"{receipt[:4].lower()} {receipt[4:]}"
        shown = run("response", "show", typed, "--language", "fr").stdout
        assert "3 people" in shown
        assert "    Coopérative" in shown and "    (not asked)" in shown
        assert run("response", "show", receipt, "--language", "de").exit_code == 1
        assert "تعاونية" in run("response", "show", receipt, "--language", "ar").stdout

    def test_a_marked_one_is_not_counted_until_the_mark_is_taken_off(
        self, run: Run, store: Store, code: str, receipt: str
    ) -> None:
        assert (
            run("response", "mark", receipt, "test", "--reason", "before we began").exit_code == 0
        )
        assert f"{code}\topen, trial\t0 responses\t" in run("workshop", "list").stdout
        assert run("response", "list", code).stdout.endswith("\ttest\n")
        assert "test: before we began" in run("response", "show", receipt).stdout
        assert run("response", "unmark", receipt).exit_code == 0
        assert responses.count(store, code) == 1

    def test_a_mark_needs_a_reason_and_a_kind_that_exists(self, run: Run, receipt: str) -> None:
        assert run("response", "mark", receipt, "test").exit_code == 2
        assert run("response", "mark", receipt, "test", "--reason", " ").exit_code == 1
        assert run("response", "mark", receipt, "odd", "--reason", "x").exit_code == 2

    @pytest.mark.parametrize(
        "command", [["show"], ["unmark"], ["mark", "--reason", "x"]], ids=lambda each: each[0]
    )
    def test_an_unknown_receipt_is_explained(self, run: Run, command: list[str]) -> None:
        name, *options = command
        kind = ["test"] if name == "mark" else []
        result = run("response", name, "ZZZZZZZZ", *kind, *options)
        assert result.exit_code == 1
        assert "no response with the receipt" in result.stderr


class TestImport:
    @pytest.fixture
    def code(self, run: Run, store: Store) -> str:
        code = run("workshop", "create", "quick-diagnosis", "--trial").stdout.strip()
        workshops.set_state(store, code, "open")
        return code

    def text(self, code: str, actor: str = "coop", id: str = "a" * 26) -> str:
        """What a phone writes."""
        return f"[tashkhis {code} ar {id} actor={actor}&_end=1]"

    def test_every_response_in_the_files_gets_a_line_and_the_end_says_how_many(
        self, run: Run, code: str, store: Store, tmp_path: Path
    ) -> None:
        chat, phone = tmp_path / "chat.txt", tmp_path / "phone.txt"
        mine, hers = self.text(code), self.text(code, id="b" * 26)
        chat.write_text(f"Salam {mine}\nvoici {hers}\n", encoding="utf-8")
        phone.write_text(mine, encoding="utf-8-sig")
        result = run("import", str(chat), str(phone))
        assert (result.exit_code, result.stderr) == (0, "")
        first, second = [each.receipt for each in responses.scan(store, code)]
        assert result.stdout.splitlines() == [
            f"{code}\t{first}\tStored.",
            f"{code}\t{second}\tStored.",
            f"{code}\t{first}\tStored before: the same receipt.",
            "2 stored, 1 stored before, 0 not taken in.",
        ]

    def test_a_dash_is_the_standard_input(self, run: Run, code: str, store: Store) -> None:
        workshops.set_state(store, code, "closed")
        result = CliRunner().invoke(main, ["import", "-"], input=self.text(code))
        assert result.exit_code == 0
        assert responses.count(store, code) == 1

    def test_what_is_not_taken_in_is_explained_and_exits_1(
        self, run: Run, code: str, store: Store, tmp_path: Path
    ) -> None:
        file = tmp_path / "messages.txt"
        texts = [
            self.text(code),
            self.text(code, "nobody", "b" * 26),
            self.text("ZZZZZZ", id="c" * 26),
            "[tashkhis",
        ]
        file.write_text("\n".join(texts), encoding="utf-8")
        result = run("import", str(file))
        assert result.exit_code == 1
        stored, invalid, unknown, cut, summary = result.stdout.splitlines()
        assert stored.endswith("Stored.")
        assert invalid.startswith(f"{code}\t-\tSome answers need another look: ")
        assert invalid.endswith(" – Choose one of the answers listed here.")
        assert unknown == "ZZZZZZ\t-\tThere is no workshop of this code here."
        assert cut == "-\t-\tThis was cut off or changed on the way. Ask for it once more."
        assert summary == "1 stored, 0 stored before, 3 not taken in."
        assert responses.count(store, code) == 1

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (b"Bonjour", "no handed-over answers"),
            (b"", "no handed-over answers"),
            (b"\xff\xd8\xff", "no text in UTF-8"),
            (b" " * 5_000_000, "larger than 4 MB"),
            (None, "No such file"),
        ],
    )
    def test_a_file_without_responses_is_explained_and_the_others_are_taken_in(
        self, run: Run, code: str, tmp_path: Path, content: bytes | None, why: str
    ) -> None:
        file, good = tmp_path / "file.txt", tmp_path / "good.txt"
        if content is not None:
            file.write_bytes(content)
        good.write_text(self.text(code), encoding="utf-8")
        result = run("import", str(file), str(good))
        assert result.exit_code == 1
        assert result.stderr.startswith(f"{file}: ") and why in result.stderr
        assert result.stdout.endswith("1 stored, 0 stored before, 0 not taken in.\n")

    def test_a_folder_is_no_file(self, run: Run, tmp_path: Path) -> None:
        result = run("import", str(tmp_path))
        assert result.exit_code == 1
        assert str(tmp_path) in result.stderr

    def test_no_file_at_all_is_a_usage_error(self, run: Run) -> None:
        assert run("import").exit_code == 2


class TestFacilitators:
    def test_adding_prints_a_link_once(self, run: Run) -> None:
        first = run("facilitator", "add", "samira")
        assert "/desk/fr/link/" in first.stdout
        again = run("facilitator", "add", "Samira")
        assert again.exit_code == 1
        assert "already" in again.stderr
        assert "/desk/fr/link/" in run("facilitator", "link", "samira").stdout

    @pytest.mark.parametrize("name", ["", " ", "x" * 65, "a\x00b"])
    def test_a_name_must_be_visible_and_short(self, run: Run, name: str) -> None:
        assert run("facilitator", "add", name).exit_code == 1

    def test_a_link_for_nobody_exits_1(self, run: Run) -> None:
        assert run("facilitator", "link", "nobody").exit_code == 1

    def test_roles_are_given_listed_and_changed(self, run: Run) -> None:
        run("facilitator", "add", "samira")
        run("facilitator", "add", "amal", "--role", "observer")
        assert run("facilitator", "role", "amal", "facilitator").exit_code == 0
        assert run("facilitator", "disable", "amal").exit_code == 0
        assert run("facilitator", "link", "amal").exit_code == 1
        assert run("facilitator", "list").stdout.splitlines() == [
            "amal\tfacilitator\tdisabled",
            "samira\tadministrator\tno password yet",
        ]
        assert run("facilitator", "enable", "amal").exit_code == 0
        assert "amal\tfacilitator\tno password yet" in run("facilitator", "list").stdout
        assert run("facilitator", "enable", "nobody").exit_code == 1

    @pytest.mark.parametrize("command", [["disable", "samira"], ["role", "samira", "observer"]])
    def test_the_last_administrator_stays(self, run: Run, command: list[str]) -> None:
        run("facilitator", "add", "samira")
        result = run("facilitator", *command)
        assert result.exit_code == 1 and "last administrator" in result.stderr

    def test_a_workshop_is_shared_and_taken_back(self, run: Run, store: Store) -> None:
        code = run("workshop", "create", "quick-diagnosis", "--trial").stdout.strip()
        run("facilitator", "add", "amal", "--role", "observer")
        assert run("workshop", "share", code, "Amal").exit_code == 0
        assert shares.is_shared(store, code, "amal")
        assert run("workshop", "unshare", code.lower(), "amal").exit_code == 0
        assert not shares.is_shared(store, code, "amal")
        assert run("workshop", "share", code, "nobody").exit_code == 1
        assert run("workshop", "unshare", "ZZZZZZ", "amal").exit_code == 1


def test_backup_writes_a_copy_and_refuses_to_overwrite(run: Run, tmp_path: Path) -> None:
    target = str(tmp_path / "copy.sqlite3")
    assert run("backup", target).exit_code == 0
    again = run("backup", target)
    assert again.exit_code == 1
    assert "there already" in again.stderr


def test_schema_prints_the_shipped_schema(run: Run) -> None:
    shipped = PROJECT / "questionnaires" / "questionnaire.schema.json"
    assert run("schema").stdout == shipped.read_text(encoding="utf-8")


def test_a_wrong_setting_is_explained_before_anything_happens(
    run: Run, monkeypatch: pytest.MonkeyPatch, instance: Path
) -> None:
    monkeypatch.setenv("SURVEY_BASE_URL", "tashkhis.example")
    result = run("workshop", "list")
    assert result.exit_code == 1
    assert "SURVEY_BASE_URL" in result.stderr and "https://" in result.stderr
    assert not instance.exists()


class TestSettings:
    def test_the_environment_wins_over_the_file_and_the_file_over_the_default(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / "settings.toml").write_text('base_url = "http://a"\nthreads = 4\n')
        environment = {"SURVEY_INSTANCE": str(tmp_path), "SURVEY_THREADS": "2"}
        found = read_settings(environment)
        assert (found.base_url, found.threads, found.proxies) == ("http://a", 2, Settings().proxies)

    @pytest.mark.parametrize(
        "content", ["thread = 4", "threads = 'many'", "threads = ", "instance = '/'"]
    )
    def test_a_wrong_file_is_explained(self, tmp_path: Path, content: str) -> None:
        (tmp_path / "settings.toml").write_text(content)
        with pytest.raises(SettingsError, match=r"settings\.toml"):
            read_settings({"SURVEY_INSTANCE": str(tmp_path)})

    def test_a_misspelt_variable_is_explained(self) -> None:
        with pytest.raises(SettingsError, match="SURVEY_THREAD is no setting"):
            read_settings({"SURVEY_THREAD": "4"})


class TestSettingsOfAWorkshop:
    def made(self, run: Run, *more: str) -> str:
        result = run("workshop", "create", "quick-diagnosis", *more)
        assert result.exit_code == 0, result.output
        return result.stdout.strip()

    def test_place_date_languages_and_context_are_kept(
        self, run: Run, store: Store, tmp_path: Path
    ) -> None:
        file = tmp_path / "context.md"
        file.write_text("Des **chiffres**\n", encoding="utf-8")
        code = self.made(
            run,
            *("--place", "Agadir", "--date", "2026-03-22", "--languages", "fr,ar"),
            *("--context", str(file)),
        )
        made = workshops.get(store, code)
        assert (made.place, made.held_on, set(made.languages)) == (
            "Agadir",
            "2026-03-22",
            {"ar", "fr"},
        )
        assert made.context["fr"] == "Des **chiffres**"

    @pytest.mark.parametrize(
        "options",
        [
            ("--date", "22/03/2026"),
            ("--languages", "de"),
            ("--languages", ""),
            ("--context", "nowhere.md"),
            ("--timezone", "Africa/Nowhere"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_created(
        self, run: Run, store: Store, options: tuple[str, ...]
    ) -> None:
        result = run("workshop", "create", "quick-diagnosis", *options)
        assert result.exit_code in (1, 2) and result.stderr
        assert workshops.every(store) == []

    def test_the_notice_is_filled_in_afterwards_as_the_message_says(
        self, run: Run, store: Store
    ) -> None:
        code = self.made(run)
        refused = run("workshop", "open", code)
        assert refused.exit_code == 1
        assert f"survey workshop edit {code} --controller" in refused.stderr
        flags = [word for word in refused.stderr.replace("`", " ").split() if word[:2] == "--"]
        options = [part for flag in flags for part in (flag, "X")]
        assert run("workshop", "edit", code, *options).exit_code == 0
        assert run("workshop", "open", code).exit_code == 0
        assert workshops.get(store, code).is_open

    def test_one_part_of_the_notice_leaves_the_others(self, run: Run, store: Store) -> None:
        code = self.made(run, "--contact", "a@b.example")
        run("workshop", "edit", code, "--retention", "X")
        assert workshops.get(store, code).notice.keys() == {"contact", "retention"}

    def test_what_holds_from_the_first_opening_on_is_refused(self, run: Run, store: Store) -> None:
        code = self.made(run, "--trial")
        run("workshop", "open", code)
        refused = run("workshop", "edit", code, "--no-trial", "--place", "Agadir")
        assert refused.exit_code == 1 and "duplicate" in refused.stderr
        assert (workshops.get(store, code).trial, workshops.get(store, code).place) == (True, "")

    def test_nothing_given_is_nothing_changed(self, run: Run) -> None:
        assert run("workshop", "edit", self.made(run)).exit_code == 1


class TestTheWayOfAWorkshop:
    def test_it_pauses_closes_is_archived_and_comes_back(self, run: Run, store: Store) -> None:
        code = run("workshop", "create", "quick-diagnosis", "--trial").stdout.strip()
        assert "Open it first" in run("workshop", "pause", code).stderr
        run("workshop", "open", code)
        assert run("workshop", "pause", code).exit_code == 0
        assert f"{code}\tpaused, trial" in run("workshop", "list").stdout
        assert "Close it first" in run("workshop", "archive", code).stderr
        run("workshop", "close", code)
        assert run("workshop", "archive", code).exit_code == 0
        assert code not in run("workshop", "list").stdout
        assert code in run("workshop", "list", "--archived").stdout
        assert "unarchive" in run("workshop", "open", code).stderr
        assert run("workshop", "unarchive", code).exit_code == 0
        assert run("workshop", "open", code).exit_code == 0

    def test_a_copy_has_a_code_of_its_own(self, run: Run, store: Store) -> None:
        code = run(
            "workshop", "create", "quick-diagnosis", "--trial", "--place", "A"
        ).stdout.strip()
        copy = run("workshop", "duplicate", code).stdout.strip()
        assert copy != code and workshops.get(store, copy).place == "A"


class TestUpdate:
    @pytest.fixture
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        made = tmp_path / "questionnaires"
        made.mkdir()
        monkeypatch.setenv("SURVEY_QUESTIONNAIRES", str(made))
        return made

    def write(self, folder: Path, line: str) -> None:
        (folder / "tiny.yaml").write_text(questionnaire_text(line), encoding="utf-8")

    def test_the_newer_version_is_shown_and_taken_after_a_yes(
        self, run: Run, store: Store, folder: Path
    ) -> None:
        self.write(folder, "- {type: text, name: idea, label: {fr: Idée, ar: فكرة}}")
        code = run("workshop", "create", "tiny", "--trial").stdout.strip()
        assert "has the version" in run("workshop", "update", code).stdout
        before = workshops.get(store, code).version
        self.write(folder, "- {type: text, name: thought, label: {fr: Pensée, ar: فكرة}}")
        unsaid = run("workshop", "update", code)
        assert unsaid.exit_code == 1 and "added\tquestion thought\tPensée" in unsaid.stdout
        assert "+ columns\tthought" in unsaid.stdout
        assert workshops.get(store, code).version == before
        assert run("workshop", "update", code, "--yes").exit_code == 0
        assert workshops.get(store, code).version != before

    def test_one_that_breaks_answers_is_refused(self, run: Run, store: Store, folder: Path) -> None:
        self.write(folder, "- {type: text, name: idea, label: {fr: Idée, ar: فكرة}}")
        code = run("workshop", "create", "tiny", "--trial").stdout.strip()
        run("workshop", "open", code)
        self.write(folder, "- {type: date, name: idea, label: {fr: Idée, ar: فكرة}}")
        refused = run("workshop", "update", code, "--yes")
        assert refused.exit_code == 1 and "idea" in refused.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_a_terminal_shows_how_far_an_export_is(
    store: Store, open_workshop: Callable[..., Workshop], instance: Path, tmp_path: Path
) -> None:
    import pty

    workshop = open_workshop(questionnaire_of("- {type: text, name: a, label: {fr: T, ar: ت}}"))
    for number in range(450):
        id = f"{number:026}".translate(str.maketrans("0189", "abcd"))
        responses.add(store, workshop.code, Sending(id, {"a": "x"}, "fr"))
    terminal, end = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "survey", "export", workshop.code, "-o", tmp_path / "a.csv"],
        env={**os.environ, "SURVEY_INSTANCE": str(instance)},
        stderr=end,
    )
    os.close(end)
    shown = os.read(terminal, 10_000).decode()
    os.close(terminal)
    assert done.returncode == 0 and "44 %" in shown and "88 %" in shown
    assert len((tmp_path / "a.csv").read_bytes().splitlines()) == 451


def test_what_is_to_be_published_has_no_texts_or_receipts(
    run: Run, store: Store, open_workshop: Callable[..., Workshop]
) -> None:
    workshop = open_workshop(questionnaire_of("- {type: text, name: a, label: {fr: T, ar: ت}}"))
    receipt = responses.add(store, workshop.code, Sending("a" * 26, {"a": "secret"}, "fr"))
    shown = run("export", workshop.code, "--public").output
    assert "public-1" in shown and "secret" not in shown and receipt.code not in shown
    refused = run("export", workshop.code, "--public", "--personal")
    assert refused.exit_code == 1 and "no personal answers" in refused.output


def test_a_format_comes_in_the_shape_that_fits_it(
    run: Run, store: Store, open_workshop: Callable[..., Workshop]
) -> None:
    workshop = open_workshop(questionnaire_of("- {type: text, name: a, label: {fr: T, ar: ت}}"))
    assert '<table class="book">' in run("export", workshop.code, "--format", "html").output
    asked = ("--format", "html", "--shape", "form", "--language", "ar")
    assert '<html lang="ar" dir="rtl">' in run("export", workshop.code, *asked).output
