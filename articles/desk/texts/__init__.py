"""The texts of a draft, to be read: as they were, beside each other, and as each audience sees them."""
