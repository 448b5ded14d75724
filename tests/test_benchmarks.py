"""The benchmarks measure what phones really send."""

from __future__ import annotations

from pathlib import Path

from benchmarks.hall import call, environ_of, open_hall
from benchmarks.requests import LANGUAGE, posts, whole_bodies
from survey.app import services_of
from survey.response import new_id
from survey.store import responses


def test_every_body_that_is_posted_is_a_whole_response(tmp_path: Path) -> None:
    app, workshop = open_hall(tmp_path)
    home = f"/{workshop.code}/{LANGUAGE}"
    bodies = whole_bodies(app, f"{home}/{new_id()}")[:3]
    for path, body in posts(home, bodies, len(bodies)):
        status, _, _ = call(app, environ_of(path, body))
        assert status == "303 SEE OTHER"
    store = services_of(app).store
    for stored in responses.scan(store, workshop.code):
        assert all(answer is not None for answer in stored.answers.values())
    assert responses.count(store, workshop.code) == len(bodies)
    store.close()
