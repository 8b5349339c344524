"""The stage rule: which of the five stages a customer's relationship stands at, and why.

The decision is pure. `rules.assess` takes the facts of one customer, the shop's settings
and a day, and gives everything the rule says of them at the end of that day. Below it:
`facts` (what goes in), `timeline` (facts on the shop's calendar), `purchases`, `answers`,
`voices`, `unresolved` and `reading` (what the facts say), `gates`, `replay`, `warmth`,
`marks`, `rfm` and `yardsticks` (what follows from it).
"""
