"""Questionnaire versions: every one a workshop was ever pinned to, kept for good."""

from __future__ import annotations

from functools import lru_cache

from sqlite_utils import Database

from survey.questionnaire.document import from_document, to_document, version_of
from survey.questionnaire.model import Questionnaire
from survey.store import recordings
from survey.store.clock import now
from survey.store.connection import Store
from survey.store.views import view_sql


def register(database: Database, questionnaire: Questionnaire) -> str:
    """Keeps a questionnaire within a transaction, with its recordings, and makes its view.

    Returns its version.
    """
    version = version_of(questionnaire)
    database.execute(
        "insert into questionnaire_version (version, name, document, registered_at) "
        "values (?, ?, ?, ?) on conflict (version) do nothing",
        (version, questionnaire.name, to_document(questionnaire), now()),
    )
    recordings.add(database, questionnaire.recordings)
    database.execute(view_sql(questionnaire, version))
    return version


def get(store: Store, version: str) -> Questionnaire:
    """The questionnaire of a version. Raises KeyError for one that was never registered."""
    return _get(store, version)


@lru_cache(maxsize=256)
def _get(store: Store, version: str) -> Questionnaire:
    with store.read() as database:
        row = database.execute(
            "select document from questionnaire_version where version = ?", (version,)
        ).fetchone()
    if row is None:
        raise KeyError(version)
    return from_document(row[0])
