"""What the facts of a shop add up to: how many, how sure, and since when.

`nps` and `shares` are pure and say how sure a figure is; no page shows one without it.
"""
