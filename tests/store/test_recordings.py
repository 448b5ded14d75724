"""Recordings are kept with the version that names them: whole, once, and for good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from survey.questionnaire.model import Questionnaire
from survey.store import Store, driver, open_store, questionnaires, recordings, workshops
from tests.conftest import questionnaire_of

ONE, OTHER = f"{'1' * 32}.mp3", f"{'2' * 32}.wav"
SOUND = bytes(range(256)) * 100


def spoken(contents: Mapping[str, bytes], name: str = "idea") -> Questionnaire:
    """A questionnaire that comes with these recordings."""
    written = questionnaire_of(f"- {{type: text, name: {name}, label: {{fr: Idée, ar: فكرة}}}}")
    return replace(written, recordings=contents)


def names(store: Store) -> list[str]:
    with store.read() as database:
        return [row[0] for row in database.execute("select name from recording order by name")]


def test_a_workshop_keeps_its_questionnaire_s_recordings(store: Store) -> None:
    workshops.create(store, spoken({ONE: SOUND, OTHER: b"\0"}))
    assert recordings.get(store, ONE) == SOUND
    assert recordings.get(store, OTHER) == b"\0"


def test_they_are_there_after_a_restart(store: Store) -> None:
    workshops.create(store, spoken({ONE: SOUND}))
    again = open_store(store.path, store.secret)
    assert recordings.get(again, ONE) == SOUND
    again.close()


def test_two_workshops_and_two_versions_share_a_recording(store: Store) -> None:
    for questionnaire in (spoken({ONE: SOUND}), spoken({ONE: SOUND}), spoken({ONE: SOUND}, "more")):
        workshops.create(store, questionnaire)
    assert names(store) == [ONE]


def test_a_version_taken_from_the_store_makes_another_workshop(store: Store) -> None:
    first = workshops.create(store, spoken({ONE: SOUND}))
    again = questionnaires.get(store, first.version)
    assert again.recordings == {}
    assert workshops.create(store, again).version == first.version
    assert recordings.get(store, ONE) == SOUND


def test_an_unknown_recording_is_said_to_be_unknown(store: Store) -> None:
    with pytest.raises(KeyError):
        recordings.get(store, ONE)


@pytest.mark.parametrize("wrong", [{"short.mp3": SOUND}, {OTHER: b""}])
def test_recordings_and_their_version_are_kept_together_or_not_at_all(
    store: Store, wrong: Mapping[str, bytes]
) -> None:
    with pytest.raises(driver.IntegrityError, match="CHECK"):
        workshops.create(store, spoken({ONE: SOUND, **wrong}))
    assert names(store) == []
    with store.read() as database:
        assert database.execute("select count(*) from questionnaire_version").fetchone()[0] == 0
