"""From files to rows and facts: reading, validating, diffing and applying."""
