"""The part of a page that its script asks for again and again: made once for all who ask."""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable

from flask import Response, request

from survey import web

MAX_KEPT = 100


class Fragments:
    """Fragments kept in memory by address and tag, the oldest given up first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._making = threading.Lock()

    def get(self, address: str, tag: str, render: Callable[[], str]) -> bytes:
        """The fragment, compressed. `render` is called when it is not kept."""
        key = (address, tag)
        kept = self._kept.get(key)
        if kept is not None:
            return kept
        with self._making:  # every desk asks after a change: one request makes it for all
            kept = self._kept.get(key)
            if kept is None:
                kept = self._kept[key] = gzip.compress(render().encode(), 6, mtime=0)
                if len(self._kept) > MAX_KEPT:
                    self._kept.popitem(last=False)
        return kept


fragments = Fragments()


def reply(tag: str, render: Callable[[], str]) -> Response:
    """304 to a page that shows what the tag names, else the fragment with its tag."""
    if request.if_none_match.contains_weak(tag):
        response = Response(status=304)
    else:
        body = fragments.get(request.path, tag, render)
        is_small = web.accepts_gzip()
        response = Response(body if is_small else gzip.decompress(body), content_type=web.HTML)
        if is_small:
            response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    response.set_etag(tag, weak=True)
    return response
