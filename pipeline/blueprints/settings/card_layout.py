"""What stands on one's own cards, and how dense; seen on a sample before it is saved."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import RadioField

from pipeline import clock
from pipeline.domain import card_layouts
from pipeline.domain.access import Permission
from pipeline.models.card_layout import STANDARD, CardLayout, CardLine, Density
from pipeline.models.opportunity import Status
from pipeline.models.pipeline import Colour
from pipeline.queries.board_cards import Badge, Card, Pace
from pipeline.queries.next_action import Due
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.fields import CheckboxesField, choice
from pipeline.web.globals import card_layout
from pipeline.web.htmx import partials

bp = Blueprint("card_layout", __name__, url_prefix="/settings/card-layout")

LINES = {
    CardLine.CONTACT: "Contact and company",
    CardLine.SOURCE: "Source",
    CardLine.PROBABILITY: "Probability",
    CardLine.EXPECTED_CLOSE: "Expected close",
    CardLine.VALUE: "Value",
    CardLine.NEXT_STEP: "Next step",
    CardLine.TAGS: "Tags",
    CardLine.DAYS: "Days in stage",
    CardLine.OWNER: "Owner",
}
DENSITIES = {
    Density.COMFORTABLE: "Comfortable: two lines for a long title",
    Density.COMPACT: "Compact: more cards on a screen",
}


class LayoutForm(FlaskForm):  # type: ignore[misc]
    lines = CheckboxesField(
        "On each card, below its title", choices=[choice(line.value, name) for line, name in LINES.items()]
    )
    density = RadioField("Density", choices=[choice(density.value, name) for density, name in DENSITIES.items()])

    def layout(self) -> CardLayout:
        """As it was chosen, in the order that the standard keeps."""
        chosen = set(self.lines.data or [])
        return CardLayout(
            lines=tuple(line for line in CardLine if line in chosen),
            density=Density(self.density.data) if self.density.data in set(Density) else STANDARD.density,
        )


@bp.get("")
@requires(Permission.SIGNED_IN)
def show() -> ResponseReturnValue:
    layout = card_layout()
    return _shown(LayoutForm(formdata=None, lines=list(layout.lines), density=layout.density), layout)


@bp.post("/preview")
@requires(Permission.SIGNED_IN)
def preview() -> ResponseReturnValue:
    """The sample as it would be. Nothing is kept."""
    form = LayoutForm()
    return partials(("settings/card_layout/_preview.html", {"layout": form.layout(), "sample": sample()}))


@bp.post("")
@requires(Permission.SIGNED_IN)
def update() -> ResponseReturnValue:
    form = LayoutForm()
    if not form.validate_on_submit():
        return _shown(form, form.layout(), status=422)
    with transaction():
        card_layouts.choose(me(), form.layout())
    flash("Your cards are laid out so from now on.", "good")
    return redirect(url_for("card_layout.show"), 303)


def _shown(form: LayoutForm, layout: CardLayout, *, status: int = 200) -> ResponseReturnValue:
    return render_template("settings/card_layout/show.html", form=form, layout=layout, sample=sample()), status


def sample() -> Card:
    """A deal that nobody has, with something on every line."""
    today = clock.today(me())
    return Card(
        id=0,
        stage_id=0,
        key="",
        version=0,
        title="Kestrel Couriers: controller on call",
        contact="Viktor Novak",
        company="Kestrel Couriers",
        status=Status.OPEN,
        currency="USD",
        value=1_250_000,
        owner_id=me().id,
        owner=me().name,
        initials=me().initials,
        next_action="Send the offer",
        next_action_on=today,
        next_action_at=None,
        step_on=today,
        due=Due.TODAY,
        lacks_step=False,
        days=12,
        target_days=14,
        pace=Pace.NEARLY,
        tags=[Badge("Referral", Colour.TEAL), Badge("Renewal", Colour.VIOLET)],
        probability=40,
        expected_close=today + timedelta(days=30),
        source="Fair",
    )
