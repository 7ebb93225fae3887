"""The first declaration of a project that has none: what its code imports, as it is installed."""
