"""Accounts at TikTok: connections, their sealed tokens, and the only place that opens them."""
