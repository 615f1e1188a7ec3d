"""The settings of automations: what sets each off, and what it does. Importing a module hangs its views."""

from pipeline.blueprints.settings.automations import actions as actions
from pipeline.blueprints.settings.automations import automations as automations
from pipeline.blueprints.settings.automations.blueprint import bp as bp
