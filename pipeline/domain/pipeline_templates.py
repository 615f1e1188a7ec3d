"""The pipelines one can start from."""

from dataclasses import dataclass

from pipeline.models.pipeline import Colour, StageKind


@dataclass(frozen=True)
class StageSketch:
    """A stage to be: probability in percent, target in days (0 for none)."""

    name: str
    probability: int = 0
    kind: StageKind = StageKind.WORKING
    colour: Colour = Colour.SLATE
    target_days: int = 0


@dataclass(frozen=True)
class Template:
    label: str
    description: str
    stages: tuple[StageSketch, ...]


WON = StageSketch("Won", 100, StageKind.WON, Colour.GREEN)
LOST = StageSketch("Lost", 0, StageKind.LOST, Colour.RED)

TEMPLATES: dict[str, Template] = {
    "direct": Template(
        "Direct sales",
        "Five working stages from first contact to closing.",
        (
            StageSketch("New Opportunity", 10, colour=Colour.SLATE, target_days=2),
            StageSketch("Contacting", 20, colour=Colour.BLUE, target_days=7),
            StageSketch("Engaging", 40, colour=Colour.TEAL, target_days=14),
            StageSketch("Qualified", 60, colour=Colour.VIOLET, target_days=14),
            StageSketch("Closing", 80, colour=Colour.AMBER, target_days=7),
            WON,
            LOST,
        ),
    ),
    "classic": Template(
        "Classic",
        "Demo, proposal and negotiation, with two stages to park deals in.",
        (
            StageSketch("New Opportunity", 10, target_days=2),
            StageSketch("Qualifying", 20, colour=Colour.BLUE, target_days=7),
            StageSketch("Demo", 40, colour=Colour.TEAL, target_days=14),
            StageSketch("Proposal Pending", 60, colour=Colour.VIOLET, target_days=14),
            StageSketch("Negotiating", 80, colour=Colour.AMBER, target_days=14),
            WON,
            StageSketch("Delayed", 10, StageKind.PARKED, Colour.ORANGE),
            LOST,
            StageSketch("Unable to Contact", 5, StageKind.PARKED, Colour.SLATE),
        ),
    ),
    "feedback": Template(
        "Client feedback",
        "Ask happy clients for a review; nothing is won or lost.",
        (
            StageSketch("Ask for feedback", colour=Colour.BLUE, target_days=7),
            StageSketch("Feedback received", colour=Colour.TEAL, target_days=7),
            StageSketch("Positive review received", colour=Colour.GREEN),
        ),
    ),
    "blank": Template("Blank", "No stages yet; add your own.", ()),
}
