"""
Search in the listed articles: titles, headings and texts for every audience, named people, and printed references.

`analysis` makes the terms of texts and queries, `index` keeps them, `ranking` orders what is found. `results` puts them
together: what is shown is read from the signed texts, of articles that may be listed at this moment.
"""
