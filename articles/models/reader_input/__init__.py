"""What readers send: personal data, kept without a name or an address, and deleted after a date."""
