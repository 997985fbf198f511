"""The moves of an authorization go with its row.

Moves are insert and read only for the app, so that nobody edits history. A row that was handed in
by mistake and never used may still be taken back; then its moves go too, by the database itself.
The audit log keeps all of it.
"""

from django.db import migrations

CONSTRAINT = """
DO $$
DECLARE
    name text;
BEGIN
    SELECT conname INTO STRICT name FROM pg_constraint
    WHERE conrelid = 'authorizations_transition'::regclass AND contype = 'f'
        AND confrelid = 'authorizations_authorization'::regclass AND array_length(conkey, 1) = 1;
    EXECUTE format('ALTER TABLE authorizations_transition DROP CONSTRAINT %I', name);
    EXECUTE format(
        'ALTER TABLE authorizations_transition ADD CONSTRAINT %I FOREIGN KEY (authorization_id)'
        ' REFERENCES authorizations_authorization (id) {rule} DEFERRABLE INITIALLY DEFERRED', name);
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("authorizations", "0004_listed_redemptions"),
    ]
    operations = [
        migrations.RunSQL(
            sql=CONSTRAINT.replace("{rule}", "ON DELETE CASCADE"),
            reverse_sql=CONSTRAINT.replace("{rule}", ""),
        ),
    ]
