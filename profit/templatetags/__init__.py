"""Tags of profit pages."""
