"""The first run: steps as data, what was done on disk, a page that shows them. Asks the engine through its desk."""
