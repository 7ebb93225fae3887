"""Stamps → environments: planned, made beside everything else, and compared with the stamp again."""
