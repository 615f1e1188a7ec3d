"""The settings of what is sold: products and bundles of them. Importing a module hangs its views."""

from pipeline.blueprints.settings.products import bundles as bundles
from pipeline.blueprints.settings.products import products as products
from pipeline.blueprints.settings.products.blueprint import bp as bp
