"""Merge fields: a closed list, defaults for what is missing, and nothing else."""

import pytest

from pipeline.domain import mail_templates, merge_fields
from pipeline.domain.rules import RuleBroken
from tests import factories
from tests.cast import Cast

OK = ["Hello", "{{ contact.first_name }}", '{{ contact.first_name or "there" }}', "{{ owner.name|default('us') }}"]
BAD = [
    "{{ contact.password }}",
    "{{ secret }}",
    "{{ contact }}",
    "{% for x in [1] %}{% endfor %}",
    "{{ contact.name.__class__ }}",
    "{{ contact.name.upper() }}",
    "{{ 7 * 7 }}",
    "{{ contact.name | upper }}",
    "{{ contact.name",
    "{% include 'x' %}",
    "{{ contact['name'] }}",
    "{{ [contact.name] }}",
]


@pytest.mark.parametrize("text", OK)
def test_fields_of_the_list_with_or_without_a_default_are_accepted(text: str) -> None:
    merge_fields.refuse_unknown(text)


@pytest.mark.parametrize("text", BAD)
def test_all_else_is_refused(text: str) -> None:
    with pytest.raises(RuleBroken):
        merge_fields.refuse_unknown(text)


def test_an_unknown_field_is_answered_with_the_list_of_known_ones() -> None:
    with pytest.raises(RuleBroken, match=r"no merge field contact\.nme.*contact\.name"):
        merge_fields.refuse_unknown("{{ contact.nme }}")


@pytest.mark.parametrize("field", merge_fields.FIELDS)
def test_every_field_of_the_list_has_a_value(field: str, cast: Cast) -> None:
    deal = factories.deal(factories.sales_pipeline(), typed_value=120_000)
    assert field in merge_fields.values_for(deal)


def test_what_is_missing_is_empty_or_its_default() -> None:
    values = {"contact.first_name": ""}
    assert merge_fields.merge("Hello {{ contact.first_name }}!", values) == "Hello !"
    assert merge_fields.merge('Hello {{ contact.first_name or "there" }}!', values) == "Hello there!"
    assert merge_fields.merge('Hello {{ contact.first_name | default("there") }}!', values) == "Hello there!"


def test_a_value_can_smuggle_neither_html_nor_markdown_nor_header_lines() -> None:
    nasty = {"contact.name": "<script>alert(1)</script> [click](http://evil.example)\nBcc: all@example.com"}
    written = mail_templates.filled("To {{ contact.name }}", "Dear {{ contact.name }}", nasty)
    assert "\n" not in written.subject
    assert "<script" not in written.html
    assert "<a " not in written.html
