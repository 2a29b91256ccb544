"""Signers, the key store and the device's certificate."""
