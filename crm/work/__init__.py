"""Work is a row; Celery only rings the bell.

Whatever must happen later is marked here in the transaction that caused it. A worker
claims due rows, runs each inside its shop, and removes the row in the same transaction
as the effect. A lost message, a killed worker or a flushed broker costs seconds.
"""
