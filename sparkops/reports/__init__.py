"""What a client reads of its programme: reports by link, as PDF, on a schedule."""
