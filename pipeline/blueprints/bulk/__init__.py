"""Changing many at once: what to do with the selected ones, and what became of it."""

from pipeline.blueprints.bulk import export, questions, runs
from pipeline.blueprints.bulk.blueprint import bp

__all__ = ["bp", "export", "questions", "runs"]
