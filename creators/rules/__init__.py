"""Pure decisions about creators and posts: no database, no network, no clock."""
