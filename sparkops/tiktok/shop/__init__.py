"""TikTok Shop Open API: signed calls, records per area, webhooks in.

Start at ``api.ShopApi``. Facts come from the Shop contract; section numbers in the docstrings
("contract 6.2") are its sections.
"""
