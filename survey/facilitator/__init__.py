"""The facilitators' desk: sign in, run workshops, download answers, invite. Closed by default."""

from __future__ import annotations

from flask import Flask

from survey.facilitator import account, people, planning, projector, sharing, versions, views

PAGES = (views, planning, versions, people, account, sharing, projector)
"""Importing them gives the blueprint its pages."""


def install(app: Flask) -> None:
    """Adds the desk to an app."""
    app.register_blueprint(views.blueprint)
