"""What the last quarter would have looked like under a proposed text: judged from kept facts, changing nothing of what was measured."""

from datetime import timedelta

import pytest
from django.urls import reverse

from handoff.models import Result
from sla.models import Agreement, CalendarVersion, Clock, TermKind, WhatIf, WhatIfCase, WhatIfState
from sla.what_if import judging, result, running
from tests.factories import CalendarFactory, SourceFactory
from tests.sla.moments import TUESDAY_NINE, TUESDAY_TEN, ask, call, give_back, on, reply

pytestmark = pytest.mark.django_db

NEXT_WEEK = on(1, "10:00", month=12)


@pytest.fixture
def draft(agreement, mara):
    """The agreement in force, word by word, as a draft to change."""
    return Agreement.draft_from(agreement, by=mara, at=NEXT_WEEK)


@pytest.fixture
def propose_target(draft):
    """`propose_target(kind, hours)` makes one promise longer or shorter."""

    def change(kind, hours):
        draft.terms.filter(kind=kind).update(target_seconds=int(hours * 3600))
        return Agreement.objects.get(pk=draft.pk)

    return change


def look_back(agreement) -> dict[str, result.Row]:
    what_if = running.ask(agreement, by=None, at=NEXT_WEEK)
    return {row.key: row for row in result.rows(what_if)}


def moved(row, was, becomes) -> int:
    return row.moves[list(result.MOVES).index((was, becomes))].count


def listed(agreement, key, **asked) -> list[int]:
    what_if = running.answer_for(agreement)
    found = result.cases(what_if, key, was=asked.get("was"), becomes=asked.get("becomes"))
    return sorted(found.values_list("handoff_id", flat=True))


def test_two_hours_becomes_one_hour(send, sam, propose_target):
    quick, slow, never = send(), send(), send()
    quick.accept(by=sam, at=on(24, "09:40"))
    slow.accept(by=sam, at=on(24, "10:40"))
    shorter = propose_target(TermKind.ANSWER_HANDOFF, 1)

    row = look_back(shorter)["answer_handoff"]

    assert (round(row.then.actual), round(row.now.actual)) == (67, 33)
    assert moved(row, "KEPT", "MISSED") == 1
    assert listed(shorter, "answer_handoff", was="KEPT", becomes="MISSED") == [slow.pk]
    assert listed(shorter, "answer_handoff", becomes="MISSED") == [slow.pk, never.pk]
    assert row.former_sentence != row.sentence


def test_a_longer_target_brings_late_ones_in_time(send, sam, propose_target):
    handoff = send()
    call(handoff, occurred_at=on(24, "14:30"), by=sam)

    longer = propose_target(TermKind.FIRST_CONTACT_OTHER, 6)

    assert moved(look_back(longer)["first_contact_other"], "MISSED", "KEPT") == 1


def test_the_same_text_judges_as_it_was_judged(send, sam, mia, draft):
    """Whatever happened: asked and answered, returned, called late, logged late, never called."""
    asked, returned, late, logged, untouched, cancelled = (send() for _ in range(6))
    ask(asked, TUESDAY_TEN, sam)
    reply(asked, on(25, "11:00"), mia)
    call(asked, occurred_at=on(25, "12:30"), by=sam)
    give_back(returned, on(24, "10:30"), sam)
    call(late, occurred_at=on(25, "10:00"), by=sam)
    call(logged, occurred_at=on(24, "10:00"), logged_at=on(27, "10:00"), by=sam)
    give_back(cancelled, on(26, "10:30"), sam)

    rows = look_back(draft)

    for row in rows.values():
        assert (row.then.actual, row.then.cases) == (row.now.actual, row.now.cases), row.key
        assert not any(move.count for move in row.moves), row.key
    assert rows["first_contact_other"].then.cases == 5


def test_a_pause_stays_a_pause(send, sam, mia, propose_target):
    handoff = send()
    ask(handoff, on(24, "09:30"), sam)
    reply(handoff, on(25, "15:00"), mia)
    handoff.refresh_from_db()
    handoff.accept(by=sam, at=on(25, "15:20"))  # fifty minutes of working time in all

    assert not moved(
        look_back(propose_target(TermKind.ANSWER_HANDOFF, 1))["answer_handoff"], "KEPT", "MISSED"
    )


def test_who_still_waits_is_late_only_when_it_would_be_due(send, draft, propose_target):
    waiting = send(at=on(30, "16:30"))  # by Tuesday ten it has waited an hour and a half

    assert look_back(draft)["answer_handoff"].now.cases == 0
    shorter = propose_target(TermKind.ANSWER_HANDOFF, 1)
    assert moved(look_back(shorter)["answer_handoff"], "", "MISSED") == 1
    assert listed(shorter, "answer_handoff", was="", becomes="MISSED") == [waiting.pk]


def test_other_working_hours_judge_otherwise(send, sam, draft):
    handoff = send(at=on(24, "16:30"))
    handoff.accept(by=sam, at=on(25, "10:00"))  # an hour and a half of nine to five
    round_the_clock = CalendarFactory(
        name="Always", week={str(day): [["00:00", "24:00"]] for day in range(7)}
    )
    Agreement.objects.filter(pk=draft.pk).update(sales_calendar=round_the_clock)

    assert moved(look_back(Agreement.objects.get(pk=draft.pk))["answer_handoff"], "KEPT", "MISSED") == 1


def test_only_a_conversation_counts_now(send, sam, draft):
    handoff = send()
    call(handoff, occurred_at=on(24, "10:00"), by=sam, result=Result.NO_ANSWER)
    call(handoff, occurred_at=on(25, "10:00"), by=sam)
    Agreement.objects.filter(pk=draft.pk).update(contact_counts="CONVERSATION")

    assert moved(look_back(Agreement.objects.get(pk=draft.pk))["first_contact_other"], "KEPT", "MISSED") == 1


def test_a_new_hot_rule_is_held_against_what_is_known_today(send, sam, draft):
    handoff = send()
    call(handoff, occurred_at=on(24, "11:00"), by=sam)  # two hours: in time for others, late for hot ones
    Agreement.objects.filter(pk=draft.pk).update(hot_rule={"fact": "country", "op": "equals", "value": "NL"})

    rows = look_back(Agreement.objects.get(pk=draft.pk))

    assert moved(rows["first_contact_hot"], "KEPT", "MISSED") == 1
    assert rows["first_contact_other"].now.cases == 0


def test_sources_left_out_are_no_case(send, sam, draft):
    late = send()
    call(late, occurred_at=on(26, "11:00"), by=sam)
    draft.terms.filter(kind=TermKind.FIRST_CONTACT_OTHER).update(excluded_sources=[SourceFactory().key])

    row = look_back(Agreement.objects.get(pk=draft.pk))["first_contact_other"]

    assert moved(row, "MISSED", "") == 1
    assert row.now.cases == 0


def test_a_newly_demanded_item_of_the_brief(send, draft):
    send()
    items = [*draft.brief_items, {"key": "budget", "label": "Budget", "required": True}]
    Agreement.objects.filter(pk=draft.pk).update(brief_items=items)

    assert moved(look_back(Agreement.objects.get(pk=draft.pk))["brief_complete"], "KEPT", "MISSED") == 1


def test_numbers_are_told_a_month(send, draft):
    for _ in range(3):
        send()
    draft.terms.filter(kind=TermKind.SQLS_DELIVERED).update(target_count=2)

    delivered = look_back(Agreement.objects.get(pk=draft.pk))["sqls_delivered"]

    assert (delivered.now.actual, delivered.now.target, delivered.then.target) == (1.0, 2.0, 160.0)


def test_it_changes_nothing_of_what_was_measured(send, sam, propose_target):
    send().accept(by=sam, at=on(24, "10:40"))
    before = list(Clock.objects.order_by("id").values()), list(CalendarVersion.objects.values())

    look_back(propose_target(TermKind.ANSWER_HANDOFF, 1))

    assert (list(Clock.objects.order_by("id").values()), list(CalendarVersion.objects.values())) == before


# As a row of work


@pytest.fixture
def under_way(send, draft, monkeypatch):
    """Too many to wait for: nobody has begun."""
    for day in (10, 11, 12, 24):
        send(at=on(day, "09:00"))
    monkeypatch.setattr(running, "FEW", 0)
    return running.ask(draft, by=None, at=NEXT_WEEK)


def done(what_if) -> WhatIf:
    return WhatIf.objects.get(pk=what_if.pk)


def test_many_hand_offs_are_left_to_a_worker(under_way):
    assert (under_way.state, under_way.total, under_way.done) == (WhatIfState.UNDER_WAY, 4, 0)

    running.advance(under_way.pk, at=NEXT_WEEK)

    assert (done(under_way).state, done(under_way).done) == (WhatIfState.DONE, 4)


def test_killed_in_between_it_goes_on_where_it_was(under_way, send, monkeypatch):
    whole, weeks = judging.Judge.judge, []

    def die_in_the_second_week(judge, since, until):
        weeks.append(whole(judge, since, until))
        if weeks[-1][""]["sent"] and sum(week[""]["sent"] for week in weeks) > 3:
            raise KeyboardInterrupt
        return weeks[-1]

    with monkeypatch.context() as once:
        once.setattr(judging.Judge, "judge", die_in_the_second_week)
        with pytest.raises(KeyboardInterrupt):
            running.advance(under_way.pk, at=NEXT_WEEK)
    assert done(under_way).done == 3

    running.take_up_what_was_left(at=NEXT_WEEK + timedelta(minutes=5))

    assert (done(under_way).state, done(under_way).done) == (WhatIfState.DONE, 4)
    assert WhatIfCase.objects.filter(what_if=under_way, term_key="answer_handoff").count() == 4


def test_rung_twice_it_counts_once(under_way):
    running.advance(under_way.pk, at=NEXT_WEEK)
    running.advance(under_way.pk, at=NEXT_WEEK)

    assert done(under_way).tallies["answer_handoff"] == {"MISSED>MISSED": 4}


def test_three_tries_that_get_nowhere_give_it_up_and_it_can_be_tried_again(under_way, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(judging.Judge, "judge", lambda *a, **k: 1 / 0)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                running.advance(under_way.pk, at=NEXT_WEEK)
        running.advance(under_way.pk, at=NEXT_WEEK)
    assert done(under_way).state == WhatIfState.FAILED

    running.try_again(done(under_way), at=NEXT_WEEK)
    running.advance(under_way.pk, at=NEXT_WEEK)

    assert done(under_way).state == WhatIfState.DONE


def test_asked_again_about_the_same_text_the_answer_is_there(send, draft):
    send()
    first = running.ask(draft, by=None, at=NEXT_WEEK)

    assert running.ask(draft, by=None, at=NEXT_WEEK + timedelta(hours=1)) == first
    draft.terms.filter(kind=TermKind.ANSWER_HANDOFF).update(target_seconds=60)
    changed = Agreement.objects.get(pk=draft.pk)
    assert running.answer_for(changed) is None
    running.ask(changed, by=None, at=NEXT_WEEK)
    assert WhatIf.objects.count() == 1  # of a draft only the present text is kept


# On the page


def test_the_page_asks_shows_and_opens_exactly_the_hand_offs(
    signed_in, mara, send, sam, propose_target, time_machine
):
    time_machine.move_to(NEXT_WEEK, tick=False)
    send().accept(by=sam, at=on(24, "10:40"))
    shorter = propose_target(TermKind.ANSWER_HANDOFF, 1)
    browser = signed_in(mara)

    browser.post(reverse("sla:ask_what_if", args=[shorter.pk]))
    page = browser.get(reverse("sla:what_if", args=[shorter.pk]))

    row = next(row for row in page.context["rows"] if row.key == "answer_handoff")
    figures = [*row.moves, row.then.misses, row.now.misses]
    for figure in figures:
        assert browser.get(figure.url).context["page"].paginator.count == figure.count
    assert "1 in time then, late now" in page.content.decode()


def test_while_it_is_under_way_the_page_asks_again_by_itself(signed_in, mara, under_way):
    page = signed_in(mara).get(reverse("sla:what_if", args=[under_way.agreement_id])).content.decode()

    assert 'hx-trigger="every 3s"' in page
    assert "0 of 4 hand-offs looked at" in page
    assert "Look again" in page


def test_proposing_looks_back_too(signed_in, mara, send, draft, time_machine):
    time_machine.move_to(NEXT_WEEK, tick=False)
    send(at=TUESDAY_NINE)

    signed_in(mara).post(reverse("sla:propose", args=[draft.pk]))

    assert draft.what_ifs.get().state == WhatIfState.DONE


def test_an_unknown_figure_is_not_found(signed_in, mara, send, draft):
    send()
    running.ask(draft, by=None, at=NEXT_WEEK)
    address = reverse("sla:what_if_cases", args=[draft.pk, "answer_handoff"])

    assert signed_in(mara).get(f"{address}?was=PERHAPS").status_code == 404


# For other software


def test_other_software_asks_and_reads_the_same(client, mara, send, sam, propose_target, time_machine):
    time_machine.move_to(NEXT_WEEK, tick=False)
    send().accept(by=sam, at=on(24, "10:40"))
    shorter = propose_target(TermKind.ANSWER_HANDOFF, 1)
    client.force_login(mara, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("api_agreement_what_if", args=[shorter.pk])
    assert client.get(address).status_code == 404

    client.post(address, {}, content_type="application/json")
    told = client.get(address).json()

    answer = next(term for term in told["terms"] if term["key"] == "answer_handoff")
    assert (told["state"], told["handoffs"], told["compared_to"]) == ("DONE", 1, 1)
    assert (answer["then"]["actual"], answer["now"]["actual"]) == (100.0, 0.0)
    assert answer["moves"]["kept_to_missed"] == 1


def test_only_who_leads_asks(client, sam, draft):
    client.force_login(sam, backend="django.contrib.auth.backends.ModelBackend")

    answer = client.post(
        reverse("api_agreement_what_if", args=[draft.pk]), {}, content_type="application/json"
    )

    assert answer.status_code == 403


def test_the_agreement_in_force_tells_its_rules(client, mia, agreement):
    client.force_login(mia, backend="django.contrib.auth.backends.ModelBackend")

    told = client.get("/api/v1/agreements/current/").json()

    assert told["warn_points"] == [{"share_left": 25}]
    assert told["ladder"][0] == {"who": "HOLDER", "after_minutes": 0}
    assert {rule["key"] for rule in told["rules"]} >= {"warn_points", "ladder", "routing", "brief"}
    assert {term["kind"] for term in told["terms"]} >= {"MARKETING_ANSWER", "CONTACT_ATTEMPTS"}
