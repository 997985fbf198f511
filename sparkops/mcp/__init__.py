"""An MCP server over the API: an assistant reads, and acts after a person confirmed (N25)."""
