"""How a person wants the cards of the board: their own choice, and nobody else's."""

from pipeline.models.card_layout import STANDARD, CardLayout
from pipeline.models.user import User


def choose(person: User, layout: CardLayout) -> None:
    """Keep it until another is chosen; the standard one is not kept, so that it stays the standard one."""
    person.card_layout = None if layout == STANDARD else layout
