"""Documents that people hold: slips, A4 invoices, X and Z reports. Knows the domain alone; no I/O, no clock."""
