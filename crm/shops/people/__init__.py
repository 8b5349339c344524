"""Who works in a shop: invited by mail, given a role, taken out again."""
