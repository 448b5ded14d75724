"""What participants' and facilitators' pages share: language, headers, cross-origin check, errors."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, current_app, g, render_template, request
from markupsafe import Markup, escape
from werkzeug.exceptions import Forbidden, HTTPException

from survey.form.body import BodyError, Fields, fields_of
from survey.i18n import DEFAULT_LANGUAGE, LANGUAGES, N_, SOURCE, has, messages, negotiate
from survey.settings import Settings
from survey.store import Store, about_database

HERE = Path(__file__).parent
HTML = "text/html; charset=utf-8"
FOR_GOOD = "public, max-age=31536000, immutable"
"""For what has its content's digest in its address."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """The one stylesheet and the one script of a page, inline, and the policy that admits them."""

    style: Markup
    script: Markup
    policy: str


@dataclass(frozen=True, slots=True)
class Services:
    """What every view may use. `base_url` is where phones reach this app, "" if nobody said."""

    settings: Settings
    store: Store
    base_url: str


def services() -> Services:
    """The services of the app that answers this request."""
    found: Services = current_app.extensions["survey"]
    return found


FONT = HERE / "static" / "tifinagh.woff2"
FONT_NAME = f"{sha256(FONT.read_bytes()).hexdigest()[:16]}.woff2"
"""Holds the digest, so that browsers may keep the font for good."""


def font(name: str) -> Response:
    """The letters that many phones lack; only pages in Tamazight ask for them."""
    if name != FONT_NAME:
        abort(404)
    response = Response(FONT.read_bytes(), content_type="font/woff2")
    response.headers["Cache-Control"] = FOR_GOOD
    return response


def bundle_of(styles: Iterable[Path], scripts: Iterable[Path] = ()) -> Bundle:
    """Joins files in order; the scripts become one module."""
    style = small("text/css", _joined(styles).replace(FONT.name, FONT_NAME))
    script = _joined(scripts)
    if script:  # within a function, so that names can become short
        script = small("text/javascript", f"(()=>{{{script}}})()")
        # Once more: a page is shortened with what it holds, which must stay as its hash says.
        script = small("text/javascript", script)
    sources = {
        "default-src": "'none'",
        "style-src": _hash_source(style),
        "script-src": _hash_source(script) if script else "'none'",
        "img-src": "'self' data:",
        "media-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    policy = ";".join(f"{name} {source}" for name, source in sources.items())
    return Bundle(Markup(style), Markup(script), policy)


def _joined(paths: Iterable[Path]) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in paths)


def small(media_type: str, text: str) -> str:
    """Means the same without comments, blanks and long names; as it was where nothing can do so."""
    try:
        import minify
    except ImportError:
        return text
    smaller: str = minify.string(media_type, text)
    return smaller


def _hash_source(text: str) -> str:
    return f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'"


BASE_STYLE = HERE / "static" / "base.css"
TRIAL_STYLE = HERE / "static" / "trial.css"
SHARED_STYLES = (BASE_STYLE, TRIAL_STYLE)
CODE_STYLE = HERE / "static" / "code.css"
ANSWERING_SCRIPTS = (HERE / "static" / "expressions.js", HERE / "static" / "typed.js")
"""What pages with questions share, on phones and at the desk."""

PLAIN = bundle_of([*SHARED_STYLES, CODE_STYLE])
"""For pages of no blueprint, such as an unknown address."""


def speak(language: str, fallback: str | None = None) -> None:
    """Sets the language of the page being made, and what stands in for messages it lacks."""
    g.language = language
    g.fallback = fallback or (SOURCE if language != "zgh" else DEFAULT_LANGUAGE)


def language_of_request() -> str:
    """The language in the address, else the one the browser asks for."""
    for segment in request.path.split("/")[1:4]:
        if segment in LANGUAGES:
            return segment
    return negotiate(request.headers.get("Accept-Language", ""), [*LANGUAGES], DEFAULT_LANGUAGE)


def plain(message: str, **values: Any) -> str:
    """A message in the page's language, as text: for attributes and titles."""
    text = messages(g.language, g.fallback).gettext(message)
    return text % values if values else text


def plain_plural(one: str, many: str, count: int, **values: Any) -> str:
    """A message that depends on a number, as text."""
    text = messages(g.language, g.fallback).ngettext(one, many, count)
    return text % {"count": count, **values}


def say(message: str, **values: Any) -> Markup:
    """A message as HTML: values are escaped, and words of another language say which one it is."""
    text = escape(messages(g.language, g.fallback).gettext(message))
    if values:
        text = text % values
    return _marked(message, text)


def say_plural(one: str, many: str, count: int, **values: Any) -> Markup:
    """A message that depends on a number, as HTML."""
    text = escape(messages(g.language, g.fallback).ngettext(one, many, count))
    return _marked(one, text % {"count": count, **values})


def _marked(message: str, text: Markup) -> Markup:
    if has(g.language, message):
        return text
    return in_other_language(g.fallback, text)


def in_other_language(language: str, text: str) -> Markup:
    """Words that are not in the page's language, marked with theirs."""
    direction = LANGUAGES[language].direction
    if direction == LANGUAGES[g.language].direction:
        return Markup('<span lang="{}">{}</span>').format(language, text)
    return Markup('<span lang="{}" dir="{}">{}</span>').format(language, direction, text)


def isolated(text: str) -> Markup:
    """A number, code or time that reads from left to right inside any text."""
    return Markup('<bdi dir="ltr">{}</bdi>').format(text)


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What happened, and what to do about it."""

    title: str
    advice: str


ERRORS = {
    400: ErrorPage(
        N_("These answers did not arrive whole"),
        N_("Nothing was stored. Go back with your browser’s back button and send them again."),
    ),
    403: ErrorPage(
        N_("This was sent from another site"),
        N_("Nothing was stored. Open the workshop’s own address and send from there."),
    ),
    404: ErrorPage(
        N_("There is nothing at this address"),
        N_("Check the workshop’s code, or scan the QR code on the screen again."),
    ),
    405: ErrorPage(
        N_("This page cannot be used this way"), N_("Go back and use the page’s own buttons.")
    ),
    409: ErrorPage(N_("Other answers were sent before"), N_("Choose which ones count.")),
    410: ErrorPage(
        N_("These answers were erased"),
        N_("They were erased on request and cannot be sent again. Begin anew to answer."),
    ),
    413: ErrorPage(
        N_("Too much was sent at once"),
        N_("Nothing was stored. Go back and shorten the longest texts."),
    ),
    415: ErrorPage(
        N_("This was not sent by the form"), N_("Go back and use the form’s own button.")
    ),
    429: ErrorPage(
        N_("Too many wrong tries"), N_("Wait a minute, then try again. Nothing is locked.")
    ),
    500: ErrorPage(
        N_("Something went wrong here"),
        N_("It is not your fault, and it has been noted. Go back and send again in a minute."),
    ),
}


class NotAllowed(Forbidden):
    """Refuses what the role of whoever is signed in does not allow."""


NOT_AT_THE_DESK = ErrorPage(
    N_("There is nothing at this address"),
    N_("It may be gone, or nobody has shared it with you. Go back to the desk and choose there."),
)
NOT_ALLOWED = ErrorPage(
    N_("Your role does not allow this"),
    N_("Nothing was changed. Ask the workshop’s owner or an administrator to do it."),
)


def wants_json() -> bool:
    """Whether the page's script asks, which shows a reply itself."""
    return request.accept_mimetypes.best == "application/json"


PASSING = (400, 408, 429)
"""Refusals after which the same may be sent again: cut off on the way, too slow, too many."""


def error_page(error: HTTPException) -> tuple[str | dict[str, int], int]:
    """The page for a refusal, in the language of the request; for a script, the status if it is
    final, else 0."""
    status = error.code or 500
    if wants_json():
        return {"refused": 0 if status in PASSING or status >= 500 else status}, status
    if "language" not in g:
        speak(language_of_request())
    page = ERRORS.get(status, ERRORS[400 if status < 500 else 500])
    is_desk = request.path.startswith("/desk/")
    if isinstance(error, NotAllowed):
        page = NOT_ALLOWED
    elif is_desk and status == 404:
        page = NOT_AT_THE_DESK
    shown = {"page": page, "status": status, "is_desk": is_desk}
    return render_template("error.html", bundle=PLAIN, **shown), status


def refuse_foreign_posts() -> None:
    """Pages of other sites cannot send to this one; no token, so that no page ever expires."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        is_own = site in ("same-origin", "none")
    else:
        origin = request.headers.get("Origin")
        is_own = origin is None or _host_of(origin) == request.host
    if not is_own:
        abort(403)


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def read_form(incoming: Request, end: str | None = None) -> Fields:
    """The fields of a sent form. Refuses bodies that are too large, cut off, or not UTF-8.

    `end` names the field that must stand last.
    """
    if incoming.mimetype != "application/x-www-form-urlencoded":
        abort(415)
    body = incoming.get_data(cache=False)
    if incoming.content_length is None or len(body) != incoming.content_length:
        abort(400)
    try:
        return fields_of(body, end)
    except BodyError:
        abort(400)


SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}


SECURE_HEADERS = {
    "Strict-Transport-Security": "max-age=31536000",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
"""For https: on plain http browsers heed none of them and offer no camera to refuse."""


def finish(response: Response) -> Response:
    """Headers that every response carries, and gzip for pages made on the way."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("Content-Security-Policy", PLAIN.policy)
    if request.is_secure:
        for name, value in SECURE_HEADERS.items():
            response.headers[name] = value
    if response.mimetype == "text/html" and "Content-Encoding" not in response.headers:
        response.vary.add("Accept-Encoding")
        is_whole = response.status_code not in (304, 204) and not response.is_streamed
        if is_whole and accepts_gzip():
            response.set_data(gzip.compress(response.get_data(), 6, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
    return response


def accepts_gzip() -> bool:
    return request.accept_encodings["gzip"] > 0


def page(template: str, bundle: Bundle, status: int = 200, **values: Any) -> Response:
    """A rendered page with the policy that its style and script need."""
    response = Response(
        render_template(template, bundle=bundle, **values), status=status, content_type=HTML
    )
    response.headers["Content-Security-Policy"] = bundle.policy
    return response


def health() -> dict[str, str]:
    """For whoever watches the app: that the database answers, and how durably it writes."""
    return {"status": "ok", **about_database(services().store)}


def install(app: Flask) -> None:
    """Gives an app what both audiences share."""
    app.add_url_rule("/healthz", view_func=health)
    app.add_url_rule("/static/fonts/<name>", view_func=font)
    app.register_error_handler(HTTPException, error_page)
    app.before_request(refuse_foreign_posts)
    app.after_request(finish)
    app.jinja_env.globals |= {
        "_": say,
        "ngettext": say_plural,
        "plain": plain,
        "plain_plural": plain_plural,
        "LANGUAGES": LANGUAGES,
    }
    app.jinja_env.filters["isolated"] = isolated
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
