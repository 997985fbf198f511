"""The benchmark: generated data, one file per measure, ours and the reference in one run.

`python3 manage.py bench` starts it. The product never imports it.
"""
