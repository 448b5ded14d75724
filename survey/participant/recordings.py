"""The recordings that read questions aloud, each at an address that says what it holds."""

from __future__ import annotations

from pathlib import PurePosixPath

from flask import Response, abort, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from survey import web
from survey.questionnaire.model import AUDIO_TYPES
from survey.store import recordings


def recording(name: str) -> Response:
    """A recording, or the part of it that is asked for: iPhones play nothing without parts."""
    try:
        content = recordings.get(web.services().store, name)
    except KeyError:
        abort(404)
    response = Response(content, content_type=AUDIO_TYPES[PurePosixPath(name).suffix])
    response.headers["Cache-Control"] = web.FOR_GOOD
    response.set_etag(name)
    try:
        response.make_conditional(request.environ, accept_ranges=True, complete_length=len(content))
    except RequestedRangeNotSatisfiable:
        return Response(status=416, headers={"Content-Range": f"bytes */{len(content)}"})
    return response
