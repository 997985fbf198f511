"""The demo: an agency with three brands, filled over HTTP through the ordinary actions."""
