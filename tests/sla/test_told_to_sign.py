"""A proposed agreement waits for signatures: who gives one is told once, and who proposed it hears what became of it."""

from datetime import timedelta

import pytest
from django.core import mail

from sla import mails
from sla.models import Agreement, Notice, NoticeKind
from sla.notices import VIEWS
from smarketing.accounts.models import Side
from tests.factories import AgreementFactory
from tests.sla.moments import TUESDAY_NOON, TUESDAY_TEN

pytestmark = pytest.mark.django_db

NEXT_WEEK = (TUESDAY_TEN + timedelta(days=7)).date()


@pytest.fixture
def propose(marketing, sales):
    """`propose(by=mara)` changes the agreement in force, which the factory's own people signed."""
    in_force = AgreementFactory()

    def change(by, **columns) -> Agreement:
        draft = Agreement.draft_from(in_force, by=by, at=TUESDAY_TEN, starts_on=NEXT_WEEK, **columns)
        draft.propose(by=by, at=TUESDAY_TEN)
        return draft

    return change


def told(kind: NoticeKind) -> list[str]:
    notices = Notice.objects.filter(kind=kind, channel="IN_APP").select_related("recipient")
    return sorted(notice.recipient.first_name for notice in notices)


def to_act(person) -> int:
    mine = Notice.objects.filter(recipient=person, channel="IN_APP")
    return VIEWS["act"].pick(mine, person).count()


def test_the_other_side_is_asked_to_sign_once(propose, mara, sven, sam, mia):
    propose(by=mara)

    assert "Sven" in told(NoticeKind.TO_SIGN)
    assert not {"Mara", "Sam", "Mia"} & set(told(NoticeKind.TO_SIGN))
    assert len(told(NoticeKind.TO_SIGN)) == Notice.objects.filter(channel="MAIL").count()


def test_who_stands_beside_both_teams_asks_both(propose, max, mara, sven):
    propose(by=max)

    assert {"Mara", "Sven"} <= set(told(NoticeKind.TO_SIGN))
    assert "Max" not in told(NoticeKind.TO_SIGN)


def test_only_those_who_are_named_are_asked(mara, sven, sonia, marketing, sales):
    agreement = AgreementFactory(signers={"SALES": [sonia.pk]})
    draft = Agreement.draft_from(agreement, by=mara, at=TUESDAY_TEN, starts_on=NEXT_WEEK)

    draft.propose(by=mara, at=TUESDAY_TEN)

    assert told(NoticeKind.TO_SIGN) == ["Sonia"]


def test_who_proposed_it_hears_of_each_signature_but_not_of_his_own(propose, mara, sven):
    proposal = propose(by=mara)

    proposal.sign(Side.MARKETING, by=mara, at=TUESDAY_NOON)
    assert told(NoticeKind.SIGNED) == []

    proposal.sign(Side.SALES, by=sven, at=TUESDAY_NOON)
    assert told(NoticeKind.SIGNED) == ["Mara"]


def test_withdrawn_is_told_to_who_proposed_and_who_signed(propose, mara, sven, max):
    proposal = propose(by=max)
    proposal.sign(Side.MARKETING, by=mara, at=TUESDAY_NOON)

    proposal.withdraw(by=sven, at=TUESDAY_NOON)

    assert told(NoticeKind.SENT_BACK) == ["Mara", "Max"]


def test_a_proposal_that_fails_asks_nobody(propose, mara):
    draft = Agreement.draft_from(Agreement.objects.in_force(), by=mara, at=TUESDAY_TEN)
    draft.terms.all().delete()

    with pytest.raises(Exception, match="promises nothing"):
        draft.propose(by=mara, at=TUESDAY_TEN)

    assert not Notice.objects.exists()


def test_the_mail_leads_to_the_text_and_the_list_says_who_waits(propose, mara, sven, settings):
    proposal = propose(by=mara)

    mails.deliver(TUESDAY_NOON)

    [message] = [sent for sent in mail.outbox if sent.to == [sven.email]]
    assert message.subject == "An agreement waits for your signature"
    assert f"v{proposal.version}" in message.body
    assert f"{settings.SITE_URL}/agreement/{proposal.pk}/" in message.body
    assert to_act(sven) == 1


def test_it_waits_for_who_has_read_it_and_not_signed(propose, mara, sven):
    propose(by=mara)

    Notice.objects.filter(recipient=sven).update(read_at=TUESDAY_NOON)

    assert to_act(sven) == 1


def test_it_waits_no_longer_once_a_colleague_has_signed_or_it_is_withdrawn(propose, mara, sven, max):
    proposal = propose(by=mara)
    proposal.sign(Side.SALES, by=max, at=TUESDAY_NOON)
    assert to_act(sven) == 0

    proposal.withdraw(by=mara, at=TUESDAY_NOON)
    assert to_act(sven) == 0


def test_the_page_of_a_proposal_says_what_changes(propose, mara, sven, signed_in):
    proposal = propose(by=mara, late_logging_hours=48)

    page = signed_in(sven).get(f"/agreement/{proposal.pk}/")

    assert page.context["changes"]
    assert "What changes" in page.content.decode()
    assert "changes" not in signed_in(sven).get("/agreement/").context
