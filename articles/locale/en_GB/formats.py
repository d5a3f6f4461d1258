"""How days are written in English: 3 March 2026. Django would shorten the month."""

DATE_FORMAT = "j F Y"
