"""Pages across the apps: the five answers, the portfolio, settings."""
