from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from smarketing import translations


class Command(BaseCommand):
    help = "Collects the words to translate and compiles the translations; needs no gettext."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        only = parser.add_mutually_exclusive_group()
        only.add_argument("--check", action="store_true", help="change nothing, fail when words are missing")
        only.add_argument("--compile", action="store_true", help="only compile what is there")

    def handle(self, *, check: bool, compile: bool, **options: object) -> None:
        for language in translations.languages():
            if check:
                self.complain(language)
            else:
                if not compile:
                    language.collect()
                    self.report(language)
                language.compile()

    def complain(self, language: translations.Language) -> None:
        if complaints := language.complaints():
            raise CommandError("\n".join([f"{language.code}:", *complaints]))

    def report(self, language: translations.Language) -> None:
        complaints = language.complaints()
        self.stdout.write(f"{language.code}: {len(language.read())} sentences, {len(complaints)} to do")
        for complaint in complaints:
            self.stdout.write(f"  {complaint}")
