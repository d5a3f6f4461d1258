"""The admin of articles: drafts and evidence are only read, and the library and its names are maintained."""

from articles.admin import draft, evidence, library, names, readers  # noqa: F401
