"""People: users, sign-in, second factor, sessions. Knows nothing of clients or roles."""
