"""Examples and labelled data, as JSON Lines."""
