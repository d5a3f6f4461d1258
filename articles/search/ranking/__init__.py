"""
Which passages answer a query best: how much each term counts in a passage, and the order of what was found.

The first is worked out when a passage is put into the index, in whole numbers, so that both databases rank alike.
"""
