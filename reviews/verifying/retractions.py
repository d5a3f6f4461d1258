"""The entries of the list of retractions in force, compared with their digest when it was loaded."""

from articles.models import Retraction, RetractionSnapshot
from reviews.verifying.problem import Report
from reviews.workflow.steps.beside.retractions import digest_of


def check(report: Report) -> None:
    """Report it if an entry was changed, added or removed past the site."""
    last = RetractionSnapshot.objects.order_by("-pk").first()
    expected = last.digest if last else digest_of([])
    if digest_of(Retraction.objects.all().iterator(chunk_size=2000)) != expected:
        message = f"The entries of the list of retractions are not those that were loaded ({last})."
        report.add(report.events + 1, "retractions", message)
