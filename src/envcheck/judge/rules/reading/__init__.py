"""Rules that say aloud what could not be read."""
