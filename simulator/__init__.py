"""A seeded dealer group: every event of its days, and what is true about them."""
