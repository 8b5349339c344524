"""Customers, how they are known, what they bought, and what they allow."""
