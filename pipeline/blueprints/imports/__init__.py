"""Importing a file on a page: upload, map its columns, try it, bring it in, see what became of each row."""

from pipeline.blueprints.imports import files, results, runs
from pipeline.blueprints.imports.blueprint import bp

__all__ = ["bp", "files", "results", "runs"]
