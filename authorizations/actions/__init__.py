"""What changes authorizations."""
