"""The facilitators' desk: sign in, run workshops, download answers, invite. Closed by default."""

from __future__ import annotations

from flask import Flask

from survey.facilitator import account, lists, people, planning, projector, sharing, versions, views

PAGES = (views, lists, planning, versions, people, account, sharing, projector)
"""Importing them gives the blueprint its pages."""


def install(app: Flask) -> None:
    """Adds the desk to an app."""
    app.register_blueprint(views.blueprint)
