"""From the rows of a dealer management system's export to events, by a map the dealer can read and change."""
