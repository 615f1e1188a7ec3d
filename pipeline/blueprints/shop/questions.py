"""What a prospect says to the seller: a question, or that they want a fresh link."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.shop.blueprint import bp, offer_asked
from pipeline.blueprints.shop.offers import drawn, link_of
from pipeline.blueprints.shop.question_form import QuestionForm
from pipeline.domain import questions
from pipeline.extensions import limiter
from pipeline.transaction import transaction
from pipeline.web.auth import public

BY_PLACE = "30 per hour"
BY_OFFER = "20 per hour"


@bp.post("/<token>/questions")
@public
@limiter.limit(BY_PLACE)
@limiter.limit(BY_OFFER, key_func=offer_asked)
def ask(token: str) -> ResponseReturnValue:
    link, form = link_of(token), QuestionForm()
    if not form.validate_on_submit():
        return drawn(link, asking=form, status=422)
    if not form.is_by_machine:
        with transaction():
            questions.ask(link, form.text.data or "", email=form.email.data or None)
    return said("asked", token)


@bp.post("/<token>/fresh")
@public
@limiter.limit(BY_PLACE)
@limiter.limit(BY_OFFER, key_func=offer_asked)
def want_fresh(token: str) -> ResponseReturnValue:
    link = link_of(token)
    with transaction():
        questions.want_fresh(link)
    return said("fresh", token)


def said(what: str, token: str) -> ResponseReturnValue:
    """Back to the offer, which thanks them."""
    return redirect(url_for("shop.show", token=token, said=what), 303)
