"""Reads of facts, of the ledger and of its rollup."""
