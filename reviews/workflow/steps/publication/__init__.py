"""Publication: its blockers, at once, and scheduled."""
