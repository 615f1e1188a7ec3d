"""What prospects see: a module for each noun under `/buy`. Importing one hangs its views."""

from pipeline.blueprints.shop import continuations as continuations
from pipeline.blueprints.shop import offers as offers
from pipeline.blueprints.shop import paying as paying
from pipeline.blueprints.shop import questions as questions
from pipeline.blueprints.shop import receipts as receipts
from pipeline.blueprints.shop import returns as returns
from pipeline.blueprints.shop import sandbox as sandbox
from pipeline.blueprints.shop import skins as skins
from pipeline.blueprints.shop.blueprint import bp as bp
