"""Which version to suggest, and how it is written."""
