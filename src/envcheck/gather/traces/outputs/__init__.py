"""What tools print, one module for each sort of record: the outputs of a cell → traces."""
