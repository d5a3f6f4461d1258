"""Pictures of uploaded files: read in a process of its own, made anew, and stored."""
