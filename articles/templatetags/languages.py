from django import template
from django.utils.html import format_html

from articles.text.languages import direction

register = template.Library()


@register.simple_tag
def in_language(language: str) -> str:
    """Return the attributes `lang` and, from right to left, `dir` for an element with words of an article."""
    towards = format_html(' dir="{}"', direction(language)) if direction(language) else ""
    return format_html('lang="{}"{}', language, towards)
