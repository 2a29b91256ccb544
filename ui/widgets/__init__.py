"""The window's parts. Each shows one frozen view of a presenter and decides nothing."""
