"""How a person wants the cards of the board: what stands on them, and how dense."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class CardLine(StrEnum):
    """Something that a card can tell. Its title is always there."""

    CONTACT = "contact"
    VALUE = "value"
    NEXT_STEP = "next_step"
    DAYS = "days"
    TAGS = "tags"
    OWNER = "owner"
    PROBABILITY = "probability"
    EXPECTED_CLOSE = "expected_close"
    SOURCE = "source"


class Density(StrEnum):
    COMFORTABLE = "comfortable"
    COMPACT = "compact"


class CardLayout(BaseModel):
    """One person's choice. Whoever made none has the standard one."""

    model_config = ConfigDict(frozen=True)

    lines: tuple[CardLine, ...] = (
        CardLine.CONTACT,
        CardLine.VALUE,
        CardLine.NEXT_STEP,
        CardLine.DAYS,
        CardLine.TAGS,
        CardLine.OWNER,
    )
    density: Density = Density.COMFORTABLE


STANDARD = CardLayout()
