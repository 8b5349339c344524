"""Measurements against a stated limit or a peer of the same run, printed as ratios."""
