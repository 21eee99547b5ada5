"""What Celery does for the agreement. Each task makes one call and may run twice; the rows in the database are the work."""

from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.utils import timezone

from sla import contests, health, installing, outcome_digest, recomputing, reviewing, rounds
from sla.scorecard import freezing, responding, restating
from sla.what_if import running


@shared_task(name="sla.sweep", soft_time_limit=240, time_limit=300)
def sweep(**_: Any) -> None:
    rounds.look_at_the_clocks(timezone.now())


@shared_task(name="sla.deliver_mail", soft_time_limit=240, time_limit=300)
def deliver_mail(**_: Any) -> None:
    rounds.tell_people(timezone.now())


@shared_task(name="sla.sign_of_life")
def sign_of_life(**_: Any) -> None:
    """A worker that answers but takes no task any more is seen by this."""
    health.sign_of_life("worker", timezone.now())


@shared_task(name="sla.come_into_force")
def come_into_force(**_: Any) -> None:
    installing.start_what_is_due(timezone.now())


@shared_task(name="sla.remind_of_review")
def remind_of_review(**_: Any) -> None:
    reviewing.remind(at=timezone.now())


@shared_task(name="sla.remind_of_contests")
def remind_of_contests(**_: Any) -> None:
    contests.remind(at=timezone.now())


@shared_task(name="sla.work_out_what_if", soft_time_limit=540, time_limit=600)
def work_out_what_if(*, what_if_id: int, **_: Any) -> None:
    running.advance(what_if_id, at=timezone.now())


@shared_task(name="sla.take_up_what_ifs", soft_time_limit=540, time_limit=600)
def take_up_what_ifs(**_: Any) -> None:
    running.take_up_what_was_left(at=timezone.now())


@shared_task(name="sla.recompute", soft_time_limit=540, time_limit=600)
def recompute(*, run_id: int, **_: Any) -> None:
    recomputing.advance(run_id, at=timezone.now())


@shared_task(name="sla.take_up_recomputes", soft_time_limit=540, time_limit=600)
def take_up_recomputes(**_: Any) -> None:
    recomputing.take_up_what_was_left(at=timezone.now())


@shared_task(name="sla.freeze_scorecards")
def freeze_scorecards(**_: Any) -> None:
    freezing.freeze_what_ended(timezone.now())


@shared_task(name="sla.compare_scorecards", soft_time_limit=540, time_limit=600)
def compare_scorecards(**_: Any) -> None:
    restating.compare_all(timezone.now())


@shared_task(name="sla.fill_response_times", soft_time_limit=540, time_limit=600)
def fill_response_times(**_: Any) -> None:
    responding.fill()


@shared_task(name="sla.tell_outcomes")
def tell_outcomes(**_: Any) -> None:
    outcome_digest.tell_last_week(timezone.now())


@worker_ready.connect
def sweep_at_once(**_: Any) -> None:
    """Whatever became due while no worker was there does not wait for the next beat."""
    sweep.delay()
