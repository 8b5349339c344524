"""The ledger: every fact of a relationship but the purchases, appended and never edited."""
