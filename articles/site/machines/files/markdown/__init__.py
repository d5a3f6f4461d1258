"""The text of an article as Markdown, for programs that read no HTML."""
