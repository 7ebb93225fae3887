"""Stamps made, written, taken away and compared with what is there: the only writer of notebooks' metadata."""
