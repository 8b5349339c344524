"""PostgreSQL, Valkey and a mailbox as our own children, so that nothing need be installed first.

Production uses none of this: with `DATABASE_URL`, `DATABASE_OWNER_URL` and
`REDIS_URL` set, nothing here is started.
"""
