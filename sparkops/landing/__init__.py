"""What TikTok said, as it said it: runs, pages, cursors, and how fresh each stream is."""
