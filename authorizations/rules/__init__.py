"""Pure decisions about permissions: no database, no network, the time is passed in."""
