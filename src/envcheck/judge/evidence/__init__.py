"""The one place where facts are joined: imports, requirements and distributions that speak of the same thing."""
