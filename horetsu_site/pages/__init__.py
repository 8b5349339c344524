"""Pages that bring several rooms together."""
