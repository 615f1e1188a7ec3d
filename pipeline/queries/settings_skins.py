"""What the settings of skins show: each with the pipelines whose links wear it, and how many active links do."""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import func, select

from pipeline.domain.rules import NotVisible
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink, LinkState
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Pipeline
from pipeline.models.skin import Skin


class Row(NamedTuple):
    skin: Skin
    pipelines: list[str]
    links: int


@dataclass(frozen=True)
class Wardrobe:
    rows: list[Row]
    archived: list[Skin]


def wardrobe() -> Wardrobe:
    """Every skin by name, in three questions."""
    known = db.session.scalars(select(Skin).order_by(Skin.name)).all()
    wearing: dict[int | None, list[str]] = {}
    for skin_id, name in db.session.execute(
        select(Pipeline.skin_id, Pipeline.name).where(Pipeline.skin_id.is_not(None)).order_by(Pipeline.name)
    ):
        wearing.setdefault(skin_id, []).append(name)
    worn = func.coalesce(BuyLink.skin_id, Pipeline.skin_id)
    active = (
        select(worn, func.count())
        .join(BuyLink.opportunity)
        .join(Opportunity.pipeline)
        .where(BuyLink.state == LinkState.ACTIVE)
        .group_by(worn)
    )
    counts = dict(iter(db.session.execute(active)))
    rows = [Row(skin, wearing.get(skin.id, []), counts.get(skin.id, 0)) for skin in known if skin.archived_at is None]
    return Wardrobe(rows, [skin for skin in known if skin.archived_at is not None])


def skin(skin_id: int) -> Skin:
    """One, archived or not."""
    found = db.session.get(Skin, skin_id)
    if found is None:
        raise NotVisible("skin")
    return found
