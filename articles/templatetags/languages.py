from django import template
from django.utils.html import format_html

from articles.text.languages import direction, interface_language, own_name

register = template.Library()


@register.simple_tag
def in_language(language: str) -> str:
    """Return the attributes `lang` and, from right to left, `dir` for an element with words of an article."""
    towards = format_html(' dir="{}"', direction(language)) if direction(language) else ""
    return format_html('lang="{}"{}', language, towards)


@register.simple_tag
def other_language(language: str) -> str:
    """Return the attributes of `in_language` after a space; nothing for the language of the page around the words."""
    return "" if language == interface_language() else format_html(" {}", in_language(language))


@register.simple_tag(name="interface_language")
def language_of_the_interface() -> str:
    """Return the language that the words of the page around an article are in."""
    return interface_language()


register.filter("own_name", own_name)
