"""The keys by which other programs come in."""
