"""Mails to customers: rows with visible states, their words, and the talk with the mail server.

This room stores mails and speaks SMTP. Whether a mail may be sent at all is decided
above it, by the guard; the handler that asks the guard and then sends stands there too.
"""
