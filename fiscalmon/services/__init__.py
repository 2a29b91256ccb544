"""Use cases of the till; knows ports, never a concrete adapter."""
