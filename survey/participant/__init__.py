"""The participants' way: type a code, read the notice, answer, keep the receipt."""

from __future__ import annotations

from flask import Flask

from survey.participant import addresses, own_response, sending, showing, views

VIEWS = (views, sending, own_response)
"""The modules that add their views to the one blueprint."""


def install(app: Flask) -> None:
    """Adds the participants' pages to an app."""
    app.url_map.converters |= addresses.CONVERTERS
    app.jinja_env.filters["json"] = showing.as_json
    app.register_blueprint(views.blueprint)
