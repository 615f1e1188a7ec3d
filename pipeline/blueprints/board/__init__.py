"""The board over HTTP: a pipeline's page, the next cards of one of its columns, and what changed on it meanwhile."""

from pipeline.blueprints.board import cards as cards
from pipeline.blueprints.board import changes as changes
from pipeline.blueprints.board import page as page
from pipeline.blueprints.board.blueprint import bp as bp
