"""Import names, distribution names and conda names, where no environment can tell."""
