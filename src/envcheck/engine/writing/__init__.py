"""Writing like a guest: changes become edits, edits a new file in one step, and the result is judged again."""
