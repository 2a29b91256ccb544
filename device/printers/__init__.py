"""Printers: frames and exchanges without I/O, dialects as tables, a driver a family. Adapter behind ports.Printer."""
