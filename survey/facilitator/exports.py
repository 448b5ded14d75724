"""What is taken away from the desk: exports with all their options, the long ones while they run."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, TypeAlias

from flask import Response, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey import export_jobs, web
from survey.export import FORMATS
from survey.export.purposes import SHAPE_PURPOSES
from survey.export_jobs import Job
from survey.facilitator import export_form
from survey.facilitator.access import find_workshop, rights_here, whoever_asks
from survey.facilitator.export_form import STYLE_NAMES, ExportForm, Unknown
from survey.facilitator.rights import RUN
from survey.facilitator.views import HERE, blueprint, title_of, workshop_page
from survey.form.body import Fields
from survey.i18n import LANGUAGES, N_, Sentence, SentenceError
from survey.orders import Order
from survey.questionnaire.model import Choice, Questionnaire
from survey.response import Workshop
from survey.store import log, questionnaires, workshops
from survey.table import Selection, Wording
from survey.table.dataset import CODES, LABELS

PAGE = web.bundle_of(
    [
        *web.SHARED_STYLES,
        *(HERE / "static" / name for name in ("desk.css", "exports.css")),
    ],
    [HERE / "static" / "exports.js"],
)
TOO_MANY = N_("Two long exports are under way already. Wait until one is ready, then try again.")
CHUNK = 65_536
Warn: TypeAlias = Callable[[Order, IO[bytes], Sequence[Sentence]], AnyResponse]
MEBIBYTE = 1_048_576


@blueprint.get("/<language:language>/workshops/<code:code>/exports")
def exports(language: str, code: str) -> AnyResponse:
    """All options; what the address says already is chosen."""
    workshop = find_workshop(code, RUN)
    asked = Fields((name, value) for name, value in request.args.items(multi=True))
    return _page(workshop, ExportForm(asked))


def _page(
    workshop: Workshop, form: ExportForm, status: int = 200, problem: str = ""
) -> AnyResponse:
    store, who = web.services().store, whoever_asks()
    questionnaire = questionnaires.get(store, workshop.version)
    languages = [LANGUAGES[tag] for tag in questionnaire.offered_languages]
    return web.page(
        "facilitator/exports.html",
        PAGE,
        status,
        workshop=workshop,
        title=title_of(workshop),
        questionnaire=questionnaire,
        form=form,
        problem=problem,
        formats=FORMATS.values(),
        shapes=SHAPE_PURPOSES,
        styles=STYLE_NAMES,
        languages=languages,
        words=_words(questionnaire),
        places=[*_places(questionnaire)],
        others=[(each, title_of(each)) for each in _others(workshop)],
        jobs=export_jobs.jobs_of(web.services().settings, who.name),
    )


def _words(questionnaire: Questionnaire) -> str:
    """The language in which words are offered first: that of the page, if there is any in it."""
    return g.language if g.language in questionnaire.languages else questionnaire.default_language


def _places(questionnaire: Questionnaire) -> Iterator[tuple[int, Choice]]:
    """The territories, each after what holds it, with how deep it lies."""
    question = questionnaire.with_role("territory")
    children: dict[str | None, list[Choice]] = {}
    for choice in question.choices if question else ():
        children.setdefault(choice.parent, []).append(choice)

    def below(name: str | None, depth: int) -> Iterator[tuple[int, Choice]]:
        for choice in children.get(name, ()):
            yield depth, choice
            yield from below(choice.name, depth + 1)

    return below(None, 0)


def _others(workshop: Workshop) -> list[Workshop]:
    """The other workshops that whoever asks may run."""
    seen = workshops.seen_by(web.services().store, whoever_asks())
    return [each for each in seen if each.code != workshop.code and RUN in rights_here(each)]


@blueprint.post("/<language:language>/workshops/<code:code>/exports")
def take_away(language: str, code: str) -> AnyResponse:
    workshop = find_workshop(code, RUN)
    sent = web.read_form(request)
    questionnaire = questionnaires.get(web.services().store, workshop.version)
    offered = {each.code for each in _others(workshop)}
    try:
        order = export_form.read(sent, workshop, questionnaire, offered)
    except Unknown:
        abort(400)
    if isinstance(order, ExportForm):
        return _page(workshop, order, 422)
    return _deliver(order, lambda problem: _page(workshop, ExportForm(sent), 422, problem), _keep)


@blueprint.get("/<language:language>/workshops/<code:code>/export")
def export(language: str, code: str) -> AnyResponse:
    """The counted answers in a format's usual shape, without further questions."""
    workshop = find_workshop(code, RUN)
    questionnaire = questionnaires.get(web.services().store, workshop.version)
    format = FORMATS.get(request.args.get("format", ""))
    words_in = request.args.get("language", CODES)
    if format is None or words_in not in (CODES, *questionnaire.offered_languages):
        abort(404)
    order = Order(
        codes=(code,),
        format_name=format.name,
        shape=format.shapes[0],
        wording=Wording() if words_in == CODES else Wording(LABELS, words_in),
        selection=Selection(counted_only=True),
    )
    choices = redirect(
        url_for(
            "facilitator.exports",
            language=language,
            code=code,
            format=format.name,
            style=order.wording.style,
            words=words_in,
        ),
        303,
    )
    # Only what is sent may begin a process, or have a file kept.
    if _is_long(order.work(web.services().store)):
        return choices
    return _deliver(
        order,
        lambda problem: workshop_page(workshop, 422, problem=problem),
        lambda *_: choices,
    )


def _deliver(order: Order, refuse: Callable[[str], AnyResponse], warn: Warn) -> AnyResponse:
    """The file at once if it is little work and whole; a page where there is something to know of
    it first, or while a process makes it."""
    services = web.services()
    file: IO[bytes] | None = None
    try:
        work = order.work(services.store)
        if _is_long(work):
            return _begin(order, work)
        # The file is whole before the first byte is sent, so that no error can hide in a download.
        file = tempfile.TemporaryFile()  # noqa: SIM115
        warnings = order.write(services.store, file)
    except SentenceError as error:
        if file is not None:
            file.close()
        return refuse(error.sentence.within(g.language))
    except export_jobs.TooMany:
        return refuse(web.plain(TOO_MANY))
    if warnings:
        with file:
            return warn(order, file, warnings)
    _note(order)
    return _download(file, order, order.file_name(services.store))


def _keep(order: Order, file: IO[bytes], warnings: Sequence[Sentence]) -> AnyResponse:
    services = web.services()
    name = order.file_name(services.store)
    id = export_jobs.keep(services.settings, whoever_asks().name, order, name, file, warnings)
    _note(order)
    return redirect(url_for("facilitator.one_export", language=g.language, token=id), 303)


def _is_long(work: int) -> bool:
    return work > web.services().settings.export_at_once


def _begin(order: Order, work: int) -> AnyResponse:
    services = web.services()
    name = order.file_name(services.store)
    id = export_jobs.begin(services.settings, whoever_asks().name, order, name, work)
    _note(order)
    return redirect(url_for("facilitator.one_export", language=g.language, token=id), 303)


def _note(order: Order) -> None:
    for code in order.codes:
        who = whoever_asks().name
        log.note_alone(web.services().store, log.EXPORTED, who, code, order.summary)


def _download(file: IO[bytes], order: Order, name: str) -> Response:
    file.seek(0, 2)
    length = file.tell()
    file.seek(0)
    response = Response(_chunks(file), content_type=order.format.content_type)
    response.content_length = length
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk


def _find(token: str) -> Job:
    """404 for what is not hers, or is of a workshop that she may run no more."""
    job = export_jobs.find(web.services().settings, whoever_asks().name, token)
    if job is None:
        abort(404)
    for code in job.order.codes:
        find_workshop(code, RUN)
    return job


@blueprint.get("/<language:language>/exports/<token>")
def one_export(language: str, token: str) -> AnyResponse:
    job = _find(token)
    size = job.file.stat().st_size / MEBIBYTE if job.state == export_jobs.READY else 0.0
    return web.page(
        "facilitator/export.html",
        PAGE,
        job=job,
        size=f"{size:.1f}",
        warnings=[each.within(g.language) for each in job.warnings],
        problem=job.problem and job.problem.within(g.language),
    )


@blueprint.get("/<language:language>/exports/<token>/file")
def export_file(language: str, token: str) -> AnyResponse:
    job = _find(token)
    if job.state != export_jobs.READY:
        abort(404)
    return _download(Path(job.file).open("rb"), job.order, job.name)  # noqa: SIM115


@blueprint.post("/<language:language>/exports/<token>")
def drop_export(language: str, token: str) -> AnyResponse:
    """Cancels what runs, and throws away what is ready."""
    job = _find(token)
    export_jobs.remove(job)
    code = job.order.codes[0]
    return redirect(url_for("facilitator.exports", language=language, code=code), 303)
