"""The facilitators' desk: sign in, run workshops, download answers, invite. Closed by default."""

from __future__ import annotations

from flask import Flask

from survey import export_jobs, web
from survey.facilitator import account, exports, people, projector, sharing, views

PAGES = (views, people, account, sharing, projector, exports)
"""Importing them gives the blueprint its pages."""


def install(app: Flask) -> None:
    """Adds the desk to an app, and removes the exports that nobody came back for."""
    app.register_blueprint(views.blueprint)
    services: web.Services = app.extensions["survey"]
    export_jobs.clean(services.settings)
