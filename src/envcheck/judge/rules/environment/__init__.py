"""Rules on the environment itself: whether what is installed is in one piece."""
