"""Facts about the rest of the site for a correction: changes outside of the draft, and other uses of a word."""

import re
from collections.abc import Callable

from articles.models import Article, ArticleTopic, Authorship, Version, VersionText

AROUND = frozenset({"disclaimers", "audiences"})  # no draft holds them
KEPT_IN: dict[str, type[ArticleTopic] | type[Authorship]] = {"topics": ArticleTopic, "contributors": Authorship}


def changed_around(published: Version) -> frozenset[str]:
    """Return the facts not changed in the draft since this version. A topic's new name is no change of the draft."""
    since = {"article": published.article_id, "history_date__gt": published.submitted_at}
    return AROUND | {name for name, model in KEPT_IN.items() if not model.history.filter(**since).exists()}


def used_elsewhere(article: Article) -> Callable[[str], bool]:
    """Return a function that tells whether a word is used in the published text of another article."""

    def asked(word: str) -> bool:
        texts = VersionText.objects.filter(
            text__icontains=word, version__in=Article.objects.exclude(pk=article.pk).values("published_version")
        )
        whole = re.compile(rf"(?<![^\W\d_]){re.escape(word)}(?![^\W\d_])", re.IGNORECASE)
        return any(whole.search(text) for text in texts.values_list("text", flat=True).iterator(chunk_size=20))

    return asked
