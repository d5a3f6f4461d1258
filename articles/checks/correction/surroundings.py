"""What a correction asks of the rest of the site: what changed around its text, and where else a word stands."""

import re
from collections.abc import Callable

from articles.models import Article, ArticleTopic, Authorship, Version, VersionText

AROUND = frozenset({"disclaimers", "audiences"})  # no draft holds them
KEPT_IN = {"topics": ArticleTopic, "contributors": Authorship}


def changed_around(published: Version) -> frozenset[str]:
    """Return the facts that nobody changed in the draft since this version: a topic's new name is not the draft's."""
    since = {"article": published.article_id, "history_date__gt": published.submitted_at}
    return AROUND | {name for name, model in KEPT_IN.items() if not model.history.filter(**since).exists()}


def used_elsewhere(article: Article) -> Callable[[str], bool]:
    """Return a question: whether a word stands in the published text of another article."""

    def asked(word: str) -> bool:
        texts = VersionText.objects.filter(
            text__icontains=word, version__in=Article.objects.exclude(pk=article.pk).values("published_version")
        )
        whole = re.compile(rf"(?<![^\W\d_]){re.escape(word)}(?![^\W\d_])", re.IGNORECASE)
        return any(whole.search(text) for text in texts.values_list("text", flat=True).iterator(chunk_size=20))

    return asked
