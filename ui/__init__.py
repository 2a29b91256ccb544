"""The till's own window: Qt, and nothing but Qt, lives here.

It shows what the engine tells it and asks the engine to act; it must not know store, gateway or device.
"""
