"""A TikTok that runs on this machine.

Own process, no imports from the rest of the product: it answers TikTok's Marketing API and the
TikTok Shop API over real HTTP, from one seeded world with a clock that can be set. Start it with
``python -m sparkops.sandbox --port 0 --world demo``.
"""
