"""What admins and editors set up for all articles: audiences with their disclaimers, and topics."""
