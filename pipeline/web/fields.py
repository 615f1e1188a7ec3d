"""Form fields that read what people type the way their locale writes it."""

from collections.abc import Callable
from typing import Any

from wtforms import DateField, Field, Form, SelectMultipleField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are a version behind
from wtforms.form import BaseForm
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from pipeline.domain import days, money, percentages
from pipeline.domain.rules import RuleBroken
from pipeline.web.formats import locale


class WrittenField(Field):
    """A number that people write in their locale's way. What was typed comes back as it was typed."""

    widget = TextInput()
    data: int | None

    def __init__(self, label: str | None = None, **options: Any) -> None:
        super().__init__(label, **options)
        self.written: str | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.written, self.data = valuelist[0].strip(), None

    def pre_validate(self, form: BaseForm) -> None:
        if not self.written:
            return
        try:
            self.data = self.read(self.written)
        except RuleBroken as broken:
            raise ValidationError(broken.message) from broken

    def _value(self) -> str:
        if self.written is not None:
            return self.written
        return "" if self.data is None else self.typed(self.data)

    def read(self, text: str) -> int:
        """What it means. Refuses what means nothing."""
        raise NotImplementedError

    def typed(self, number: int) -> str:
        raise NotImplementedError


class MoneyField(WrittenField):
    """An amount: minor units in `data`. Set `currency` before it is used."""

    def __init__(self, label: str | None = None, *, currency: str = "USD", **options: Any) -> None:
        super().__init__(label, **options)
        self.currency = currency

    def read(self, text: str) -> int:
        return money.read(text, self.currency, locale())

    def typed(self, number: int) -> str:
        return money.typed(number, self.currency, locale())


class PercentField(WrittenField):
    """A percentage: hundredths of a percent in `data`."""

    def read(self, text: str) -> int:
        return percentages.read(text, locale())

    def typed(self, number: int) -> str:
        return percentages.typed(number, locale())


class DayField(DateField):
    """A day that somebody can mean, whatever year was typed."""

    def __init__(self, label: str | None = None, validators: list[Any] | None = None, **options: Any) -> None:
        bounds = {"min": days.FIRST.isoformat(), "max": days.LAST.isoformat()}
        super().__init__(label, validators, **{"render_kw": bounds, **options})

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Write the day like 2026-12-31.") from None

    def pre_validate(self, form: BaseForm) -> None:
        try:
            days.refuse_mistyped(self.data)
        except RuleBroken as broken:
            raise StopValidation(broken.message) from broken


class CheckboxesField(SelectMultipleField):
    """Several of a list, each with a box of its own."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def choice(value: int | str, label: str) -> Any:
    """One of the things that a field offers to choose from."""
    return SelectChoice(value, label)


def obeying(rule: Callable[[Any], object]) -> Any:
    """Refuses what a rule of the house refuses of the form, in its words and no others, though the field is empty."""

    def check(form: Form, field: Field) -> None:
        try:
            rule(form)
        except RuleBroken as broken:
            field.errors = []
            raise StopValidation(broken.message) from broken

    return check


def no_longer_than(length: int) -> Any:
    """Refuses more letters, in words."""

    def check(form: Form, field: Field) -> None:
        if field.data and len(field.data) > length:
            raise ValidationError(f"Use at most {length} letters.")

    return check
