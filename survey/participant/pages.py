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
        self._making = threading.Lock()

    def response(
        self, workshop: Workshop, language: str, bundle: web.Bundle, render: Callable[[], str]
    ) -> Response:
        """The page, or 304 to a browser that has it. `render` is called when it is not kept."""
        compressed = web.accepts_gzip()
        key = (self._look_of(workshop), language, compressed)
        kept = self._get(key)
        if kept is None:
            with self._making:  # a whole hall asks at once: one request makes the page for all
                kept = self._get(key) or self._add(key, _keep(render(), bundle, compressed))
        return _response(kept, compressed, bundle.policy)

    def _get(self, key: tuple[str, str, bool]) -> KeptPage | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
        return kept

    def _add(self, key: tuple[str, str, bool], kept: KeptPage) -> KeptPage:
        with self._lock:
            self._kept[key] = kept
            if len(self._kept) > MAX_KEPT:
                self._kept.popitem(last=False)
        return kept

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


def _keep(page: str, bundle: web.Bundle, compressed: bool) -> KeptPage:
    smaller = web.small("text/html", page)
    if bundle.style in smaller and bundle.script in smaller:  # as the policy's hashes want them
        page = smaller
    body = packed(page.encode()) if compressed else page.encode()
    return KeptPage(body, sha256(body).hexdigest()[:8])


def packed(body: bytes) -> bytes:
    """As small as gzip's format can be; where there is no zopfli, some six per cent larger."""
    try:
        from zopfli.gzip import compress
    except ImportError:
        return gzip.compress(body, 9, mtime=0)
    packed: bytes = compress(body)
    return packed


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
