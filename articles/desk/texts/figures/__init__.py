"""The figures of a draft: added, described, exchanged and removed."""
