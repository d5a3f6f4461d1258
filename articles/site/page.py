"""
The page of a version for one audience, rendered once from the frozen text and then cached.

What is cached holds no words of the interface: pages of any language may ask for it.
"""

import datetime
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from lxml import html as lxml_html

from articles.frozen.signed_text import BESIDE, DamagedText, differing, frozen_content
from articles.models import Article, Authorship, GlossaryTerm, Version
from articles.site.keeping.sealed_cache import cached
from articles.site.machines.json_ld.frozen import images_of, people_of, source_of, works_of
from articles.site.machines.words import frozen as frozen_words
from articles.templatetags.sentences import listed
from articles.text.plain.words_used import words_used
from articles.text.rendering import render
from articles.text.rendering.sections import own_texts

Part = Authorship.Role
EXPLAINED = 12  # words beside a text, at most
UNREAD = "//nav[contains(@class, 'contents')] | //section[@id='references']"
OTHERS = {  # what the byline says of other people
    Part.TRANSLATOR: _("Translated by {names}"),
    Part.ILLUSTRATOR: _("Illustrated by {names}"),
    Part.EDITOR: _("Edited by {names}"),
}


@dataclass(frozen=True)
class Page:
    """The `<article>` of a version for one audience, and the frozen words beside it."""

    html: str
    minutes: int
    authors: list[str]
    others: dict[str, list[str]]  # other people, by their part: translator, illustrator, editor
    ai_level: str
    ai_note: str
    evidence_current_to: str  # as YYYY-MM-DD, or empty
    translation_of: dict[str, Any] | None  # the text that was translated, as it was signed
    not_called_retracted: dict[str, int]
    beside: dict[str, str]
    labels: dict[str, str]  # of the audiences
    texts: list[str]  # the labels of those that have words of their own
    description: str
    answer: str  # to the question of a page that has one
    linked: dict[str, Any]  # people, cited works and the use of AI, as schema.org has them
    images: list[dict[str, Any]]  # the figures shown, likewise; each address begins with /

    @property
    def ai_use(self) -> str:
        return str(Article.AIUse(self.ai_level).label)

    @property
    def other_people(self) -> list[str]:
        """Return a sentence for each part that other people had: Translated by one and another."""
        return [str(OTHERS[Part(role)]).format(names=listed(names)) for role, names in self.others.items()]

    @property
    def searched(self) -> datetime.date | None:
        """Return the day to which the evidence is current, if the authors gave one."""
        return datetime.date.fromisoformat(self.evidence_current_to) if self.evidence_current_to else None


def page_of(version: Version, audience: str) -> Page:
    """
    Return the page of a version for an audience, by its key.

    A version never changes, so it is rendered once for each audience and renderer. Raise DamagedText if the stored text
    does not have the version's digest, or if a column of the version, such as its title, is not the signed one.
    """
    page = Page(**cached(cache_name(version, audience), lambda: asdict(rendered(version, audience))))
    if differing(version, page.beside):
        raise DamagedText(version)
    return page


def cache_name(version: Version, audience: str) -> str:
    """Return the page's name in the cache."""
    return f"page:{version.digest}:{audience}"


def rendered(version: Version, audience: str) -> Page:
    """Return the page as rendered from the frozen text, without the cache."""
    return page_from(frozen_content(version), audience)


def page_from(content: dict[str, Any], audience: str) -> Page:
    text = render(content, audience)
    labels = {audience["key"]: audience["label"] for audience in content["audiences"]}
    people = {role: _people(content, role) for role in (Part.AUTHOR, *OTHERS)}
    return Page(
        html=text.html,
        minutes=text.minutes,
        authors=people[Part.AUTHOR],
        others={role: people[role] for role in OTHERS if people[role]},
        ai_level=content["ai_use"]["level"],
        ai_note=content["ai_use"]["note"],
        evidence_current_to=content.get("evidence_current_to", ""),
        translation_of=content.get("translation_of"),
        not_called_retracted=text.not_called_retracted,
        beside={name: content[name] for name in BESIDE},
        labels=labels,
        texts=[labels[key] for key in own_texts(content)],
        description=frozen_words.description(content, audience),
        answer=frozen_words.answer(content, audience),
        linked={**people_of(content), **source_of(content), **works_of(text.works)},
        images=images_of(content, text.html),
    )


def _people(content: dict[str, Any], role: str) -> list[str]:
    """Return the names of the people with this role, with their credentials."""
    named = [person for person in content["contributors"] if person["role"] == role]
    return [", ".join(filter(None, (person["name"], person["credentials"]))) for person in named]


def terms_in(page: str, glossary: list[GlossaryTerm]) -> list[GlossaryTerm]:
    """Return the words that stand in the `<article>`, by the alphabet. The titles of cited works do not count."""
    if not glossary:
        return []
    article = lxml_html.fragment_fromstring(page)
    for beside in article.xpath(UNREAD):
        beside.drop_tree()
    used = words_used([term.names for term in glossary], " ".join(article.itertext()), EXPLAINED)
    return sorted((glossary[place] for place in used), key=lambda term: term.word.casefold())
