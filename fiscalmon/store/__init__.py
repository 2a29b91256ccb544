"""The till's ledger in SQLite: tables, migrations, one writer, read queries."""
