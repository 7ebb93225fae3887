"""What becomes of findings before they are told: details for machines, what is accepted, what is new."""
