"""What tools keep in the metadata of a notebook, one module for each tool: metadata → traces."""
