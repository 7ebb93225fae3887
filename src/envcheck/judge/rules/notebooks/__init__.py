"""Rules on notebooks: their kernels, their install lines, the files beside them."""
