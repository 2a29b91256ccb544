"""fiscalmon: the fiscal till for Zimbabwe. See docs/architecture.md for the map of the folders."""

__version__ = "0.1.0"
