"""
The index of what readers can find, in three tables that are the same on every database.

`Passage` is a part of a version: its title, a section for some readers, its people, its references. `Term` is a word as
the analyzer writes it. `Postings` says in which passages a term is, and how much it counts there. The steps that
publish, retract or remove change the index in their own transaction, through `kept_in_step`.
"""

from articles.search.index.writing import kept_in_step, made_anew

__all__ = ["kept_in_step", "made_anew"]
