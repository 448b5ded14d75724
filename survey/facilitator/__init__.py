"""The facilitators' desk: sign in, run workshops, download answers. Closed by default."""

from __future__ import annotations

from flask import Flask

from survey.facilitator import (
    projector,  # noqa: F401 - adds its addresses to the blueprint
    views,
)


def install(app: Flask) -> None:
    """Adds the desk to an app."""
    app.register_blueprint(views.blueprint)
