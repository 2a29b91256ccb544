"""What sits in or on the fiscal device: keys, printers, serial link."""
