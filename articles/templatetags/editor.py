"""What a page with rich text editors tells their script."""

from typing import Any

from django import template
from django.urls import reverse

from articles.desk.typed.editor.words import words
from articles.models import Article

register = template.Library()


@register.simple_tag
def editor_words(article: Article) -> dict[str, Any]:
    """Return the texts on the screen and the addresses of this draft, for `json_script`."""
    return {"texts": words(), "addresses": {"typed": reverse("typed", args=[article.pk])}}
