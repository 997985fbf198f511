"""How rows are kept apart: scopes, row policies, scoped tasks. Knows no Client model."""
