"""`api_token EMAIL --name NAME`: prints a new token, and nothing else."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from smarketing.accounts.models import User
from smarketing.api.models import ApiToken


class Command(BaseCommand):
    help = "Makes a token with the rights of a colleague and prints it; it is never shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True, help="what will use it")

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        person = User.objects.active().filter(email__iexact=email).first()
        if person is None:
            raise CommandError(f"Nobody who may sign in has the address {email}.")
        self.stdout.write(ApiToken.objects.create(user=person, name=name[:80])[1])
