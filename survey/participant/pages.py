"""Blank form pages, rendered once per workshop's look, version, variant and language, kept as
compressed bytes."""

from __future__ import annotations

import gzip
import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from hashlib import sha256

from flask import Response, request

from survey import web
from survey.response import Workshop

MAX_KEPT = 500
CACHE_CONTROL = "private, max-age=86400"


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page's bytes and the tag that names them."""

    body: bytes
    tag: str


class Pages:
    """Pages kept in memory, the least recently used given up first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str, bool], KeptPage] = OrderedDict()
        self._looks: dict[str, tuple[Workshop, str]] = {}
        self._lock = threading.Lock()

    def response(
        self, workshop: Workshop, language: str, policy: str, render: Callable[[], str]
    ) -> Response:
        """The page, or 304 to a browser that has it. `render` is called when it is not kept."""
        compressed = web.accepts_gzip()
        key = (self._look_of(workshop), language, compressed)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
        if kept is None:
            kept = _keep(render(), compressed)
            with self._lock:
                self._kept[key] = kept
                if len(self._kept) > MAX_KEPT:
                    self._kept.popitem(last=False)
        return _response(kept, compressed, policy)

    def _look_of(self, workshop: Workshop) -> str:
        """The digest, made once for a workshop that is remembered."""
        known = self._looks.get(workshop.code)
        if known is None or known[0] is not workshop:
            known = self._looks[workshop.code] = (workshop, look_of(workshop))
        return known[1]


def look_of(workshop: Workshop) -> str:
    """A digest of all that the page shows of a workshop, its questionnaire's version included."""
    shown = {key: value for key, value in asdict(workshop).items() if key != "state"}
    return sha256(json.dumps(shown, sort_keys=True, default=dict).encode()).hexdigest()


def _keep(page: str, compressed: bool) -> KeptPage:
    body = page.encode()
    if compressed:
        body = gzip.compress(body, 9, mtime=0)
    return KeptPage(body, sha256(body).hexdigest()[:32])


def _response(kept: KeptPage, compressed: bool, policy: str) -> Response:
    response = Response(kept.body, content_type=web.HTML)
    if compressed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = CACHE_CONTROL
    response.headers["Content-Security-Policy"] = policy
    response.vary.add("Accept-Encoding")
    response.set_etag(kept.tag)
    response.make_conditional(request.environ)
    return response
