"""Hypothesis on a busy machine: slow examples are no failures."""

from hypothesis import settings

settings.register_profile("house", deadline=None)
settings.load_profile("house")
