"""Report → text; pure."""
