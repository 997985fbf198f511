"""What books, costs and publishes."""
