"""Other tools' records and saved outputs → traces of the versions that a notebook ran with; read, never rewritten."""
