"""Opportunities over HTTP: a module for each noun under `/opportunities`. Importing one hangs its views."""

from pipeline.blueprints.opportunities import creation as creation
from pipeline.blueprints.opportunities import list as list
from pipeline.blueprints.opportunities import show as show
from pipeline.blueprints.opportunities.blueprint import bp as bp
