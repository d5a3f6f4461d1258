"""Publication: what stands against it, at once, and ordered for a time to come."""
