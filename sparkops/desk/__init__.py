"""How people arrange their workplace: saved views of lists, shown columns, density."""
