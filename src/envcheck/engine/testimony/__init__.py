"""What notebooks tell of the versions that they ran with, from paths to rows."""
