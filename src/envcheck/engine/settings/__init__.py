"""The settings file: found, read, and overruled by the command line."""
