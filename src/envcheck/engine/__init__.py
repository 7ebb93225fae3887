"""The only room that sees both wings, and that walks, reads and writes project files."""
