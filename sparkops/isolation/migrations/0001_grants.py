"""What the app's role may do with tables that the owner makes from here on.

Runs before any other app, because default privileges only touch tables created later. Client
tables narrow this again (`rls.ProtectRows`).
"""

from django.db import migrations

GRANT = """
GRANT USAGE ON SCHEMA public TO sparkops_app, sparkops_portfolio;
GRANT SELECT ON django_migrations TO sparkops_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO sparkops_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO sparkops_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO sparkops_portfolio;
"""
REVOKE = """
REVOKE SELECT ON django_migrations FROM sparkops_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM sparkops_portfolio;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM sparkops_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM sparkops_app;
"""


class Migration(migrations.Migration):
    initial = True
    run_before = [
        ("contenttypes", "0001_initial"),
        ("sessions", "0001_initial"),
    ]
    dependencies = []
    operations = [migrations.RunSQL(GRANT, REVOKE)]
