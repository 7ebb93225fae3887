"""Rules on drift: whether what is installed is what has been declared."""
