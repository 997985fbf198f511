"""Pure decisions of an import: what a row asks for, and what that changes."""
