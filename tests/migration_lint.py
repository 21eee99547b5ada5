"""`./run check migrationlint`: would this migration hurt the version that runs while it is applied?"""

import os
import sys

import django

# The last migration of each app from before the product was installed anywhere: until then nothing could be hurt.
MADE_BEFORE_THE_FIRST_INSTALLATION = {
    "accounts": 5,
    "api": 1,
    "leads": 14,
    "handoff": 13,
    "sla": 22,
    "dashboard": 2,
}
# They drop what came after 0.1 and goes before 0.2: no version that runs anywhere reads it.
GONE_BEFORE_ITS_RELEASE = ["0023_bulk_acts_are_acts"]
# They replace a unique key by a looser one: no row that any version writes could break it.
LOOSER_THAN_BEFORE = ["0025_a_clock_for_each_return"]
# They take a generated column away and make it anew in one transaction: no version ever finds it missing.
MADE_ANEW_AT_ONCE = ["0017_search_words_are_made_faster"]


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarketing.settings")
    django.setup()
    from django_migration_linter import MigrationLinter
    from django_migration_linter.migration_linter import MessageType

    linter = MigrationLinter(
        include_apps=list(MADE_BEFORE_THE_FIRST_INSTALLATION),
        ignore_name=[*names_from_before(), *GONE_BEFORE_ITS_RELEASE, *LOOSER_THAN_BEFORE, *MADE_ANEW_AT_ONCE],
        quiet=[MessageType.OK.value, MessageType.IGNORE.value],
        no_cache=True,
    )
    linter.lint_all_migrations()
    linter.print_summary()
    return int(linter.has_errors)


def names_from_before() -> list[str]:
    from django.db.migrations.loader import MigrationLoader

    return [
        name
        for app, name in MigrationLoader(None).disk_migrations
        if app in MADE_BEFORE_THE_FIRST_INSTALLATION
        and int(name[:4]) <= MADE_BEFORE_THE_FIRST_INSTALLATION[app]
    ]


if __name__ == "__main__":
    sys.exit(main())
