"""What leaves for TikTok or for a person: commands with a key, exactly once in effect."""
