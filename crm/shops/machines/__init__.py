"""What the API asks of every call, and promises it: pace, strict bodies, once, clear errors."""
