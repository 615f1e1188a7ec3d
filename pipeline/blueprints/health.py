"""For whoever watches the machines: `/healthz` while the process lives, `/readyz` while the product does its work."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from pipeline.queries.health import health
from pipeline.web.auth import public

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    return "ok\n", 200, {"Content-Type": "text/plain"}


@bp.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    now = health()
    answer = jsonify(
        ready=not now.troubles,
        database="ok" if now.database else "unreachable",
        silent=now.silent,
        oldest_due_seconds=now.waiting_seconds,
        troubles=now.troubles,
    )
    return answer, 503 if now.troubles else 200
