"""What can happen between an opportunity and those who follow it."""

from dataclasses import dataclass

from pipeline.domain.facts import Fact


@dataclass(frozen=True)
class FollowerAdded(Fact):
    user_id: int
    user: str


@dataclass(frozen=True)
class FollowerLeft(Fact):
    user_id: int
    user: str
