"""The wordings of a section beside its main text: which are older than it, and where their doses differ."""
