"""The local SQLite database: one writer, many readers, everything durable. Knows no network and no screen."""
