from django import template
from django.conf import settings
from django.template.defaultfilters import linebreaks_filter
from django.utils.html import format_html
from django.utils.safestring import mark_safe

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


@register.filter
def of_the_house(words: str) -> str:
    """
    Return words that stand on all pages, such as the name of an audience or a topic, in the language of the site.

    On a page in another language they are marked as such. They are escaped, unless they are safe already.
    """
    language = _other_language_of_the_site()
    return format_html('<span lang="{}">{}</span>', language, words) if words and language else words


@register.filter
def paragraphs_of_the_house(words: str) -> str:
    """Return words that stand on all pages as paragraphs, each marked as `of_the_house` marks words."""
    paragraphs: str = linebreaks_filter(words)
    if not (language := _other_language_of_the_site()):
        return paragraphs
    return mark_safe(paragraphs.replace("<p>", f'<p lang="{language}">'))  # noqa: S308 (linebreaks has escaped it)


def _other_language_of_the_site() -> str:
    """Return the language of the site if the page around the words is in another; else an empty text."""
    language = settings.LANGUAGE_CODE.partition("-")[0]
    return "" if language == interface_language() else language


@register.simple_tag(name="interface_language")
def language_of_the_interface() -> str:
    """Return the language that the words of the page around an article are in."""
    return interface_language()


register.filter("own_name", own_name)
