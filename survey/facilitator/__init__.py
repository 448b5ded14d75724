"""The facilitators' desk: sign in, run workshops, download answers, invite. Closed by default."""

from __future__ import annotations

from flask import Flask

from survey.facilitator import account, live, people, projector, results, sharing, views

PAGES = (views, people, account, sharing, projector, live, results)
"""Importing them gives the blueprint its pages."""


def install(app: Flask) -> None:
    """Adds the desk to an app."""
    app.register_blueprint(views.blueprint)
