"""Environments written down, and whatever wrote versions down compared."""
