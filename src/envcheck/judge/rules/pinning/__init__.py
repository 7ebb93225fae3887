"""Rules on pins: whether a declaration names one version, one source and one Python."""
