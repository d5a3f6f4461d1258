from tests.articles.site.conftest import _empty_cache, pending_article, public_article, staff

__all__ = ["_empty_cache", "pending_article", "public_article", "staff"]
