"""Pages of imports: bring, check the columns, preview, watch, undo."""
