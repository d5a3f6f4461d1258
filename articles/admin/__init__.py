"""The admin of articles: drafts and evidence to be read, the library to be maintained."""

from articles.admin import draft, evidence, library, readers  # noqa: F401
