"""The settings of skins: how prospects' pages look and speak. Importing a module hangs its views."""

from pipeline.blueprints.settings.skins import skins as skins
from pipeline.blueprints.settings.skins.blueprint import bp as bp
