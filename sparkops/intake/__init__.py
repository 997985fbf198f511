"""Bring your spreadsheet: paste, CSV and XLSX become creators, posts, authorizations and fees."""
