"""Whole articles as files, from the content of a draft or of a frozen version."""
