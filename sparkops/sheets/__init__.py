"""Reads the tables people have: pasted text, CSV and XLSX. Knows no domain rule and no database."""
