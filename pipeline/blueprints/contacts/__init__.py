"""Contacts over HTTP: a module for each noun under `/contacts`. Importing one hangs its views."""

from pipeline.blueprints.contacts import deletion as deletion
from pipeline.blueprints.contacts import edit as edit
from pipeline.blueprints.contacts import list as list
from pipeline.blueprints.contacts import new as new
from pipeline.blueprints.contacts import notes as notes
from pipeline.blueprints.contacts import show as show
from pipeline.blueprints.contacts import tags as tags
from pipeline.blueprints.contacts.blueprint import bp as bp
