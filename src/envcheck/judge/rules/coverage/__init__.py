"""Rules on what is imported and what is declared: the two lists that should be one."""
