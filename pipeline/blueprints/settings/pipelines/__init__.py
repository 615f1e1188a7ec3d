"""The settings of pipelines: a module for each noun under `/settings/pipelines`. Importing one hangs its views."""

from pipeline.blueprints.settings.pipelines import buy_now as buy_now
from pipeline.blueprints.settings.pipelines import checklists as checklists
from pipeline.blueprints.settings.pipelines import pipelines as pipelines
from pipeline.blueprints.settings.pipelines import reasons as reasons
from pipeline.blueprints.settings.pipelines import retirements as retirements
from pipeline.blueprints.settings.pipelines import stages as stages
from pipeline.blueprints.settings.pipelines.blueprint import bp as bp
