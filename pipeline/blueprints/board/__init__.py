"""The board over HTTP: a pipeline's page, and the next cards of one of its columns."""

from pipeline.blueprints.board import cards as cards
from pipeline.blueprints.board import page as page
from pipeline.blueprints.board.blueprint import bp as bp
