"""Wing 2: knows rules and no formats; pure."""
