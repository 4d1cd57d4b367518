"""What is known of each thing in a workshop, folded from the events that speak of it."""
