"""How fast the product is, how much of that is the database, and how little that changes as it fills."""
