"""One rule a file: a RULE card, a page (its docstring) and ``check(evidence)``."""
