"""The history of a draft: what it was at each point in time, what changed since, and how to get it back."""
