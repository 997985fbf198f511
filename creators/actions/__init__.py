"""What changes creators, samples and posts."""
