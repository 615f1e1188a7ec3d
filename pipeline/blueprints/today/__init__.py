"""The day of the person who is signed in, each part of it done in its place. Importing a module hangs its views."""

from pipeline.blueprints.today import deals as deals
from pipeline.blueprints.today import page as page
from pipeline.blueprints.today import snoozes as snoozes
from pipeline.blueprints.today.blueprint import bp as bp
