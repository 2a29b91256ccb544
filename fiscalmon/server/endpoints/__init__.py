"""The handlers, by noun. Whoever gets here has passed the gate; handlers know no header of authentication."""
