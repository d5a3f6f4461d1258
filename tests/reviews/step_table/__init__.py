"""Every state, every step, every kind of person."""
