"""What it made: orders, fees, commission, costs, one append-only ledger and its pages."""
