"""`./run check migrationlint`: would this migration hurt the version that runs while it is applied?"""

import os
import sys

import django


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarketing.settings")
    django.setup()
    from django_migration_linter import MigrationLinter
    from django_migration_linter.migration_linter import MessageType

    linter = MigrationLinter(
        include_apps=["accounts", "leads", "handoff", "sla", "dashboard"],
        quiet=[MessageType.OK.value, MessageType.IGNORE.value],
        no_cache=True,
        all_warnings_as_errors=False,
    )
    linter.lint_all_migrations()
    linter.print_summary()
    return int(linter.has_errors)


if __name__ == "__main__":
    sys.exit(main())
