"""Pages of the rights ledger."""
