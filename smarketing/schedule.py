"""Everything that happens by itself, and how often. Intervals in UTC only: a crontab falls silent when clocks change."""

from datetime import timedelta


def every(seconds: int, task: str) -> dict:
    """One line of the schedule: a run that waits longer than its interval is dropped, the next one does its work."""
    return {
        "task": task,
        "schedule": timedelta(seconds=seconds),
        "options": {"expires": max(seconds - 10, 5)},
    }


SCHEDULE: dict[str, dict] = {
    # every minute: find broken promises and those that are due soon
    "sla.sweep": every(60, "sla.sweep"),
    # every minute: a worker shows that it takes tasks
    "sla.sign_of_life": every(60, "sla.sign_of_life"),
    # every minute: send the mails and posts that wait
    "sla.deliver_mail": every(60, "sla.deliver_mail"),
    # every minute: put signed agreements into force whose start date has come
    "sla.come_into_force": every(60, "sla.come_into_force"),
    # every hour: remind the signers of the agreement whose review date has come
    "sla.remind_of_review": every(3600, "sla.remind_of_review"),
    # every hour: remind the team leads of contests that they have not decided
    "sla.remind_of_contests": every(3600, "sla.remind_of_contests"),
    # every minute: take up what-ifs that a lost message or a killed worker left behind
    "sla.take_up_what_ifs": every(60, "sla.take_up_what_ifs"),
    # every minute: take up recomputes of open clocks that a lost message or a killed worker left behind
    "sla.take_up_recomputes": every(60, "sla.take_up_recomputes"),
    # every five minutes: freeze the scorecard of a month that ended
    "sla.freeze_scorecards": every(300, "sla.freeze_scorecards"),
    # every hour: compare frozen months with the facts, each once a day
    "sla.compare_scorecards": every(3600, "sla.compare_scorecards"),
    # every hour: tell each marketer what became of last week's hand-offs, once a week
    "sla.tell_outcomes": every(3600, "sla.tell_outcomes"),
    # every minute: send the calendar entries of coffees that wait
    "handoff.send_invitations": every(60, "handoff.send_invitations"),
    # every hour: forget briefs that nobody will send
    "handoff.forget_drafts": every(3600, "handoff.forget_drafts"),
    # every hour: fill in how long contacts took that came by another way than the verb
    "sla.fill_response_times": every(3600, "sla.fill_response_times"),
    # every half minute: add up what changed in the daily counts
    "compact_counts": every(30, "dashboard.compact_counts"),
    # every minute: take up imports that a lost message or a killed worker left behind
    "leads.take_up_imports": every(60, "leads.take_up_imports"),
    # every half minute: judge the waiting leads that changed, by the criteria in force
    "leads.keep_verdicts": every(30, "leads.keep_verdicts"),
    # every hour: forget what is too long ago to be undone
    "leads.forget_acts": every(3600, "leads.forget_acts"),
    # every hour: forget the API's answers of more than a day ago
    "forget_answers": every(3600, "api.forget_answers"),
}
