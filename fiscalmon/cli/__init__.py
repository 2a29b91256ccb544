"""The command line: parsing, working alone or through the engine that runs, printing. Knows no fiscal rule."""
