"""Arguments → settings → engine → reporter → exit code."""
