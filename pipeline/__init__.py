"""Pipeline: a self-hosted sales pipeline. `create_app` puts one application together and starts nothing."""

from importlib import import_module

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from pipeline import models as models
from pipeline.blueprints import BLUEPRINTS
from pipeline.domain import addresses
from pipeline.extensions import compress, csrf, db, limiter
from pipeline.settings import Settings
from pipeline.transaction import prepare
from pipeline.web import (
    assets,
    auth,
    configuration,
    errors,
    globals,
    headers,
    moved_clock,
    numbers,
    once,
    request_log,
    templates,
    toasts,
)

__all__ = ["create_app"]


def create_app(settings: Settings | None = None) -> Flask:
    """An application for these settings; without any, for those of the environment."""
    settings = settings or Settings.from_environment()
    app = Flask(__name__, static_folder=None)
    templates.prepare(app)
    app.config.update(configuration.of(settings))
    addresses.found_at(settings.public_url)
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app,
            x_for=settings.trusted_proxies,
            x_proto=settings.trusted_proxies,
            x_host=settings.trusted_proxies,
        )
    request_log.prepare(app)
    compress.init_app(app)  # early, because what is prepared first has the last word on an answer
    auth.prepare(app)  # first: who is not signed in is sent to sign in, not told that their form is too old
    for extension in (db, csrf, limiter):
        extension.init_app(app)
    for part in (numbers, moved_clock, errors, globals, headers, assets, once, toasts):
        part.prepare(app)
    for name in BLUEPRINTS:
        app.register_blueprint(import_module(f"pipeline.blueprints.{name}").bp)
    with app.app_context():
        prepare(db.engine)
    return app
