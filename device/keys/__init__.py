"""Device keys: made, kept encrypted, used for signing. Adapter behind ports.KeyStore; knows no gateway."""
