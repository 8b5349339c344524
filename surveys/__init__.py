"""Questions to customers: surveys, invitations, answers, results."""
