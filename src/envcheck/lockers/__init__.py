"""Other tools as subprocesses, and nowhere else: what makes a lock out of declarations, and git."""
