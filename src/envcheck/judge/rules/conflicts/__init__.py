"""Rules on declarations that govern together: whether they ask for the same thing."""
