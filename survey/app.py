"""create_app(): the only place where the parts are put together."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from survey import facilitator, participant, preview, web
from survey.settings import Settings, read_secret, read_settings
from survey.store import Store, open_store

PAGES = (preview,)
"""Importing it gives the desk its pages that show the participants'."""


class App(Flask):
    """Logs what went wrong without the address, which would show a response's id."""

    def log_exception(self, exc_info: Any) -> None:
        self.logger.error(
            "Exception in %s [%s]", request.endpoint, request.method, exc_info=exc_info
        )


def create_app(settings: Settings | None = None, base_url: str = "") -> Flask:
    """The app for any WSGI server. `base_url` is where phones reach it, unless the settings say so.

    Raises SettingsError or StoreError.
    """
    settings = settings or read_settings()
    app = App("survey", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = settings.max_body
    store = store_of(settings)
    services = web.Services(settings, store, settings.base_url or base_url)
    app.extensions["survey"] = services
    web.install(app)
    participant.install(app)
    facilitator.install(app)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, settings.proxies, settings.proxies, settings.proxies
        )
    return app


def store_of(settings: Settings) -> Store:
    """The store in the instance folder, which is made at the first start. Raises StoreError."""
    settings.instance.mkdir(parents=True, exist_ok=True)
    return open_store(settings.database, read_secret(settings.instance))


def services_of(app: Flask) -> web.Services:
    """The services that an app was made with."""
    services: web.Services = app.extensions["survey"]
    return services
