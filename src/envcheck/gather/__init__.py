"""Wing 1: knows formats and no rules."""
