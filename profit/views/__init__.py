"""Pages of profit."""
