"""Pages for prospects: in a skin, under the company's name, and with a plain mark when no money moves."""

from typing import Any

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.domain import installation, skins
from pipeline.gateways import payments
from pipeline.models.skin import Skin
from pipeline.web import skin_style


def show(template: str, *, skin: Skin | None = None, status: int = 200, **context: Any) -> ResponseReturnValue:
    """A page that extends `layouts/shop.html`; without a skin in the built-in one."""
    return render_template(template, **(surroundings(skin or skins.built_in()) | context)), status


def surroundings(skin: Skin) -> dict[str, Any]:
    """What the layout needs to know. `back` is the offer's address, on every page that belongs to one."""
    token = (request.view_args or {}).get("token")
    return {
        "skin": skin,
        "skin_style": url_for("shop.skin_style", skin_id=skin.id, version=skin.version, of=skin_style.edition(skin)),
        "logo": url_for("shop.logo", skin_id=skin.id, version=skin.version) if skin.logo_type else None,
        "company": installation.current().company_name,
        "is_test": payments.gateway(current_app.config["SETTINGS"]).is_test,
        "back": url_for("shop.show", token=token) if token else None,
    }
