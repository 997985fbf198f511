"""TikTok's two APIs as typed Python: the Shop Open API and the Marketing API.

Knows HTTP and TikTok's words. Knows no Django, no database, no tenant: callers pass
credentials, a limiter and the time in, and get frozen records or one of ``errors`` back.
"""
