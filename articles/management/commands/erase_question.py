from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.models import Question


class Command(BaseCommand):
    help = (
        "Delete a reader's question before its date, at the wish of the person who asked. Name it by its number, or by "
        "its private status address or the code at the end of that. Questions that were merged into it keep its answer."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("question", metavar="QUESTION", help="number, status address, or code of the question")

    def handle(self, *, question: str, **options: Any) -> None:
        name = question.rstrip("/").rpartition("/")[2]
        is_number = name.isascii() and name.isdigit() and len(name) < 19
        row = Question.objects.filter(pk=name).first() if is_number else Question.objects.with_token(name)
        if row is None:
            raise CommandError("There is no such question. It may have been deleted already.")
        number = row.pk
        row.delete()
        self.stdout.write(f"Question {number} was deleted. Backups made before still have it.")
