"""Rules about locks: what they were made from, and whom they serve."""
