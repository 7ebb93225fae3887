"""Notebooks that are open somewhere: what their kernels run with, and what their stamps say of it while they change."""
