"""The browser's files: one stylesheet, one script and one sheet of icons, joined at start and named by their content.
Prospects' pages have a small stylesheet of their own.

A name changes with its content, so each may be kept for a year. To add a file, put it under `static/css/components`,
`static/js/elements` or `static/icons`; while developing (`debug`) they are read again for every page.
"""

import gzip
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path

import brotli
from flask import Flask, Response, abort, current_app, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue

from pipeline.web.auth import public

STATIC = Path(__file__).parent.parent / "static"
A_YEAR = "public, max-age=31536000, immutable"
KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
SVG = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


Pack = Callable[[bytes], bytes]
PACKS: dict[str, Pack] = {"br": partial(brotli.compress, quality=11), "gzip": partial(gzip.compress, mtime=0)}


@dataclass(frozen=True)
class Asset:
    name: str
    kind: str
    body: bytes

    @cached_property
    def file(self) -> str:
        return f"{self.name}.{hashlib.sha256(self.body).hexdigest()[:12]}.{self.kind}"


def prepare(app: Flask) -> None:
    app.extensions["assets"] = build()
    app.add_url_rule("/assets/<path:file>", "assets", serve)
    app.add_url_rule("/favicon.ico", "favicon", favicon)
    app.template_global("asset")(asset)


def asset(name: str) -> str:
    """The address of `app.css`, `app.js`, `icons.svg` or `shop.css` as it is now."""
    if current_app.debug:
        current_app.extensions["assets"] = build()
    made: dict[str, Asset] = current_app.extensions["assets"]
    return _address(made[name].file, request.script_root)


@lru_cache(maxsize=20)
def _address(file: str, root: str) -> str:
    """Kept, because every icon of a page names its sheet."""
    return url_for("assets", file=file)


@public
def serve(file: str) -> ResponseReturnValue:
    """A joined file under its content's name. One that has since changed is answered with what it is now."""
    made: dict[str, Asset] = current_app.extensions["assets"]
    name, _, rest = file.partition(".")
    found = made.get(f"{name}.{rest.rpartition('.')[2]}")
    if found is None:
        abort(404)
    how = request.accept_encodings.best_match(PACKS)
    response = Response(packed(found.body, how) if how else found.body, mimetype=KINDS[found.kind])
    response.headers["Cache-Control"] = A_YEAR if file == found.file else "no-store"
    response.vary.add("Accept-Encoding")
    if how:
        response.headers["Content-Encoding"] = how
    return response


@lru_cache(maxsize=20)
def packed(body: bytes, how: str) -> bytes:
    """As small as it gets, once: brotli at its best takes 60 ms, and leaves an eighth less than gzip."""
    return PACKS[how](body)


@public
def favicon() -> ResponseReturnValue:
    return send_from_directory(STATIC, "favicon.svg", max_age=86400)


def build() -> dict[str, Asset]:
    shop = "\n".join(path.read_text() for path in sorted((STATIC / "shop").glob("*.css"), reverse=True))
    made = (
        join("app", "css", style()),
        join("shop", "css", shop),
        join("app", "js", script()),
        join("icons", "svg", icons()),
    )
    return {f"{one.name}.{one.kind}": one for one in made}


def join(name: str, kind: str, text: str) -> Asset:
    return Asset(name, kind, text.encode())


def style() -> str:
    """Layers in their order first, then every component by name, so that no file depends on its neighbours."""
    css = STATIC / "css"
    first = [css / f"{name}.css" for name in ("layers", "reset", "tokens", "base", "layout")]
    rest = sorted(path for path in css.rglob("*.css") if path not in first)
    return "\n".join(path.read_text() for path in (*first, *rest))


def script() -> str:
    """Each custom element in a scope of its own, then htmx, and its start."""
    htmx = [STATIC / "vendor" / "htmx.min.js", STATIC / "js" / "start.js"]
    vendor = [path.read_text() for path in htmx if htmx[0].exists()]
    elements = [f"(() => {{\n{path.read_text()}\n}})();" for path in sorted((STATIC / "js" / "elements").rglob("*.js"))]
    return "\n".join(['"use strict";', *elements, *vendor])


def icons() -> str:
    """A sheet of symbols, one for each file, named as the file."""
    symbols = []
    for path in sorted((STATIC / "icons").glob("*.svg")):
        drawing = SVG.search(path.read_text())
        if drawing:
            symbols.append(f'<symbol id="{path.stem}" viewBox="0 0 20 20">{drawing[1].strip()}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'
