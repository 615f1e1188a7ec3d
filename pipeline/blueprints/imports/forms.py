"""The form that says what each column of a file is, and how to import it."""

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, RadioField, SelectField, StringField
from wtforms.validators import Length

from pipeline.domain.importing.fields import LABELS, Field
from pipeline.domain.importing.reading import Sheet
from pipeline.domain.importing.settings import ImportSettings, NoContact
from pipeline.domain.rules import RuleBroken
from pipeline.models.pipeline import Pipeline
from pipeline.models.user import User
from pipeline.web.fields import choice

LEFT_OUT = ""
FORMATS = {
    "": "As the file shows",
    "%m/%d/%Y": "month/day/year",
    "%d/%m/%Y": "day/month/year",
    "%d.%m.%Y": "day.month.year",
    "%Y-%m-%d": "year-month-day",
    "%m-%d-%Y": "month-day-year",
    "%d-%m-%Y": "day-month-year",
    "%m/%d/%y": "month/day/year, two digits",
    "%d/%m/%y": "day/month/year, two digits",
}
CONTACTS = {
    NoContact.PLACEHOLDER.value: "Give each a placeholder contact, to be named later",
    NoContact.REJECT.value: "Reject them",
}


def choices(words: Mapping[str, str]) -> list[Any]:
    return [choice(value, label) for value, label in words.items()]


class MappingForm(FlaskForm):  # type: ignore[misc]
    columns = FieldList(
        SelectField(
            "Field", choices=choices({LEFT_OUT: "Leave out"} | {field.value: label for field, label in LABELS.items()})
        )
    )
    pipeline = SelectField("Pipeline")
    create_missing = BooleanField("Make what is missing")
    no_contact = RadioField("Rows without a contact", choices=choices(CONTACTS))
    date_format = SelectField("Dates are written", choices=choices(FORMATS))
    system = StringField("System the ids come from", [Length(1, 40, "Name it, in at most 40 letters.")])
    with_automation = BooleanField("Let automation react to what is imported")

    @classmethod
    def of(cls, sheet: Sheet, settings: ImportSettings, pipelines: list[Pipeline]) -> "MappingForm":
        """Filled in as the settings say, or as the person sent it."""
        field_of = {header: field.value for field, header in settings.columns.items()}
        form = cls(
            columns=[field_of.get(header, LEFT_OUT) for header in sheet.headers],
            pipeline=settings.pipeline or "",
            create_missing=settings.create_missing,
            no_contact=settings.no_contact.value,
            date_format=settings.date_format or "",
            system=settings.system,
            with_automation=settings.with_automation,
        )
        names = [name for name in (settings.pipeline, *(each.name for each in pipelines)) if name]
        form.pipeline.choices = choices({"": "The default one"} | {name: name for name in names})
        if settings.date_format:
            form.date_format.choices = choices({settings.date_format: settings.date_format} | FORMATS)
        return form

    def settings(self, sheet: Sheet, *, by: User) -> ImportSettings:
        """What was sent. Refuses two columns for one field."""
        columns: dict[Field, str] = {}
        for header, column in zip(sheet.headers, self.columns, strict=True):
            if column.data == LEFT_OUT:
                continue
            field = Field(column.data)
            if field in columns:
                raise RuleBroken(f"Both “{columns[field]}” and “{header}” are mapped to {LABELS[field]}; choose one.")
            columns[field] = header
        return ImportSettings(
            columns=columns,
            pipeline=self.pipeline.data or None,
            create_missing=self.create_missing.data,
            no_contact=NoContact(self.no_contact.data),
            date_format=self.date_format.data or None,
            system=self.system.data or "",
            with_automation=self.with_automation.data,
            time_zone=by.time_zone,
        )
