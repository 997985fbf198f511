"""What we pay for: launches, campaigns, ads, their numbers and their guards. Never books profit."""
