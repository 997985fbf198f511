"""Files that people bring instead of an API: columns, cells and rows."""
