"""Reading and writing the table of access; run it as a module to write the file anew."""

from pathlib import Path

import django

FILE = Path(__file__).with_name("access.txt")
BETWEEN = "# addresses"


def written() -> str:
    """The table as the product would have it: permissions with their roles, then addresses."""
    from sparkops.tenants.access import addresses
    from sparkops.tenants.permissions import Permission, Role, role_may

    roles = [
        f"{permission.value:20}{' '.join(one.value for one in Role if role_may(one, permission))}"
        for permission in Permission
    ]
    found = {f"{one.reach or 'library':14}{one.needed:45} {one.path}" for one in addresses()}
    # One of ours may stand before one of a library at the same path.
    lines = sorted(found, key=lambda line: (line.split()[-1], line))
    return "\n".join(["# permissions and the roles that hold them", *roles, BETWEEN, *lines, ""])


def read_roles() -> dict[str, set[str]]:
    """The roles that hold each permission, as written."""
    lines = FILE.read_text().partition(BETWEEN)[0].splitlines()[1:]
    return {words[0]: set(words[1:]) for words in map(str.split, lines)}


if __name__ == "__main__":
    django.setup()
    FILE.write_text(written())
