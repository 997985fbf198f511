"""Postgres, Valkey and SparkOps' own programs as child processes on one machine.

For the demo and the tests. Needs psycopg and the standard library, never Django: it runs before
there is a database to configure. Production does not use it.
"""
