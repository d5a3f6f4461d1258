"""The history of an article's draft: who changed what, as a redline, page by page."""
