"""Rules on declarations that work on one machine only."""
