"""
An encoder of meaning, which a site may have beside its search index: it puts answers in a better order.

It is optional: its packages are in `requirements-answers.txt`. Without them the site answers by the words alone, and no
page says so. With them a job gives each passage a vector after its publication. The encoder never decides whether a
question is answered, and never finds a passage that the words did not find.
"""
