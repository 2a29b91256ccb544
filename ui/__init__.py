"""The Qt window at the till; knows services and events only."""
