"""Pure decisions about ads and launches: no database, no network, the time is passed in."""
