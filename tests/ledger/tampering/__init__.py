"""Whoever owns the database can write anything into it; all of it is found, and named."""
