"""May this contact be made, now? Asked when it is planned and again when it is sent."""
