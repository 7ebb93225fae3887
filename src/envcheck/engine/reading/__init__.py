"""Sources → readings: those that have not changed from a cache, the rest here or, when there is much, by workers."""
