"""Torture: the product under kills, a misbehaving TikTok, odd clocks, strangers and hostile input.

`manage.py torture` runs it, on services of its own that it may kill. Every scenario is bounded and
repeatable: the seed that it prints decides what happens.
"""
