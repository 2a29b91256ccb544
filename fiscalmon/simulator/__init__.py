"""FDMS on your own machine: the judge that receipts are tested against."""
