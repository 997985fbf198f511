"""TikTok's Marketing API v1.3: typed calls for advertising, posts, identities and reports.

Start at ``api.AdsApi``. Facts come from the Marketing contract; section numbers in the docstrings
("contract 5.2") are its sections.
"""
