"""The settings: a page of panels, each for one thing the owner may set. Asks the engine through its desk."""
