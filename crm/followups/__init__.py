"""What to do for a customer next, or what to leave alone; proposed by rule, decided by people."""
