"""Orders over HTTP: a module for each noun under `/orders`. Importing one hangs its views."""

from pipeline.blueprints.orders import decisions as decisions
from pipeline.blueprints.orders import list as list
from pipeline.blueprints.orders import payments as payments
from pipeline.blueprints.orders import placing as placing
from pipeline.blueprints.orders import receipts as receipts
from pipeline.blueprints.orders import refunds as refunds
from pipeline.blueprints.orders import show as show
from pipeline.blueprints.orders.blueprint import bp as bp
