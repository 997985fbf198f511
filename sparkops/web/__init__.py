"""Page kit: rendering, tables, paging, filters, forms and template tags.

It never knows a client, a permission or a domain word beyond the tone table of the design.
"""
