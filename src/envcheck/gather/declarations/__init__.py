"""A module per dialect: how one format says what is wanted."""
