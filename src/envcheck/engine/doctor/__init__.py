"""Which tools of a repository delete stamps, and the setting with which each of them keeps them."""
