"""Profit in the API: orders, statements, the ledger, the P&L, and costs."""
