"""What can happen to a deal at rest."""

from dataclasses import dataclass

from pipeline.domain.facts import Fact


@dataclass(frozen=True)
class OpportunityWoke(Fact):
    """Its wake-up day came."""

    day: str
    title: str
