"""お申し出: every complaint is a case with an owner and a due time (domain.md, section 4).

What was said, settled and felt afterwards are facts of the ledger. The case beside them says
what only staff can know, its cause, who looks after it and until when; the rest of its row
is read off the ledger again whenever a fact of the case arrives.
"""
