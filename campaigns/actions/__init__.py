"""What changes campaigns, launches and incidents."""
