"""The facilitators' desk: sign in, run workshops, download answers, invite. Closed by default."""

from __future__ import annotations

from flask import Flask

from survey import export_jobs, web
from survey.facilitator import (
    account,
    exports,
    lists,
    live,
    one_response,
    paper_entry,
    people,
    planning,
    projector,
    response_list,
    results,
    second_entry,
    sharing,
    versions,
    views,
)

PAGES = (
    views,
    lists,
    planning,
    versions,
    people,
    account,
    sharing,
    projector,
    live,
    results,
    response_list,
    one_response,
    paper_entry,
    second_entry,
    exports,
)
"""Importing them gives the blueprint its pages."""


def install(app: Flask) -> None:
    """Adds the desk to an app, and removes the exports that nobody came back for."""
    app.register_blueprint(views.blueprint)
    services: web.Services = app.extensions["survey"]
    export_jobs.clean(services.settings)
