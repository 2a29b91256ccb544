"""Numbered steps from one schema to the next; the newest one's id is `schema.HEAD`."""
