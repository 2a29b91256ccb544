"""A fiscal printer in a program, for tests, demos and people who write drivers.

Written from the protocols' description alone: it must not import the drivers, nor they anything from here."""
