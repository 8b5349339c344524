"""Made-up shops: the demo shop おとなり茶舗, and shops of any size to measure with.

`life` says what may happen between a customer and the shop, `cast` reads the people one
gets to know (cast.toml), `temperaments` makes up the others, `writing` writes them all
down as rows, and `shop` opens the demo shop. All is told in days ago, so that a shop never
looks stale and is the same whatever day it is opened on.
"""
