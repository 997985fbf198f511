"""Nouns below the domains: shops, ad accounts, products, unit costs, exchange rates."""
