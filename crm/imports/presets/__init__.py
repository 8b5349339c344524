"""What each cart calls the columns we know; one module per cart.

Each has `layout(header, kind)`, which finds them or raises FileRefusedError with what is missing.
"""
