"""Code → imports: a module per sort of file."""
