"""The client of ZIMRA's gateway (FDMS) over mutual TLS."""
