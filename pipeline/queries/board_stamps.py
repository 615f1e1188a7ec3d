"""What a column shows, in a few letters: while they are the same, a browser that has it need not be sent it again."""

from collections.abc import Iterable, Sequence
from zlib import crc32

from pipeline.models.pipeline import Stage
from pipeline.queries.board_cards import Card
from pipeline.queries.totals import Total


def of(stage: Stage, cards: Iterable[Card], totals: Sequence[Total], not_shown: int) -> str:
    """Changes with anything that is drawn: the cards and their order, what they say, the sums, the stage itself."""
    head = f"{stage.name}.{stage.kind}.{stage.colour}.{stage.probability}.{stage.target_days}.{not_shown}.{totals}"
    drawn = "\n".join([head, *(_drawn(card) for card in cards)])
    return f"{crc32(drawn.encode()):x}"


def _drawn(card: Card) -> str:
    """The version stands for what is the opportunity's own; the rest belongs to its tasks, to others, or to the day."""
    return (
        f"{card.id}.{card.version}.{card.days}.{card.pace}.{card.due}.{card.step_on}.{card.contact}.{card.company}"
        f".{card.owner}.{card.tags}"
    )
