"""What we may use: permissions, redemptions, usage terms, cover and expiry. Never spends."""
