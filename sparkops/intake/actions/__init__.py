"""What an import writes, from landing to undo."""
