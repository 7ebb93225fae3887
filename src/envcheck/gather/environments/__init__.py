"""What is installed, read from files: this room may read the disk and runs nothing."""
