"""Reads of profit: facts for booking, the P&L, the ledger, the answers of Today."""
