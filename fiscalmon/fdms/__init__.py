"""The client of ZIMRA's gateway (FDMS) over mutual TLS; `gateways.FdmsGateways` is its door.

Adapter behind ports.Gateways, Gateway and Registration; knows no use case, no database and no screen.
"""
