"""Words are collected from Python and templates, keep their translations, and reach Django compiled."""

import gettext
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from smarketing import translations
from smarketing.translations import Language

PYTHON = """
from django.utils.translation import gettext as _, ngettext, pgettext
greeting = _("Good morning, " "%(name)s")
leads = ngettext("%(n)s lead", "%(n)s leads", n) % {"n": n}
may = pgettext("the month", "May")
not_a_word = "Left alone"
"""
TEMPLATE = """
{% load i18n %}<h1 title="{% translate 'My queue' %}">{% blocktranslate trimmed count n=n %}
    {{ n }} call
  {% plural %}
    {{ n }} calls
{% endblocktranslate %}</h1>
    {% if odd("indentation %}
{% translate "Take" context "claim" %}<p>It's "odd" (text
"""


@pytest.fixture
def dutch(tmp_path: Path, monkeypatch) -> Language:
    """A product of two files."""
    (tmp_path / "leads").mkdir()
    (tmp_path / "leads" / "views.py").write_text(PYTHON)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    (tmp_path / "locale" / "nl").mkdir(parents=True)
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    monkeypatch.setattr(translations, "LOCALE", tmp_path / "locale")
    return Language("nl")


def translate(language: Language, sentence: str, translation: str) -> None:
    said = language.file.read_text()
    assert f'msgid "{sentence}"\nmsgstr ""' in said
    language.file.write_text(
        said.replace(f'msgid "{sentence}"\nmsgstr ""', f'msgid "{sentence}"\nmsgstr "{translation}"')
    )


def test_words_come_from_python_and_from_templates(dutch):
    dutch.collect()

    words = {(message.id, message.context) for message in dutch.read() if message.id}
    assert words == {
        ("Good morning, %(name)s", None),
        (("%(n)s lead", "%(n)s leads"), None),
        ("May", "the month"),
        ("My queue", None),
        (("%(n)s call", "%(n)s calls"), None),
        ("Take", "claim"),
    }


def test_collecting_again_keeps_what_was_translated_and_changes_nothing(dutch):
    dutch.collect()
    translate(dutch, "My queue", "Mijn wachtrij")

    dutch.collect()
    once = dutch.file.read_bytes()
    dutch.collect()

    assert dutch.read().get("My queue").string == "Mijn wachtrij"
    assert dutch.file.read_bytes() == once


def test_a_changed_sentence_is_a_new_one(dutch):
    dutch.collect()
    translate(dutch, "My queue", "Mijn wachtrij")
    page = translations.ROOT / "templates" / "page.html"
    page.write_text(page.read_text().replace("My queue", "My queues"))

    dutch.collect()

    assert dutch.read().get("My queue") is None
    assert dutch.read().get("My queues").string == ""


def test_a_missing_translation_is_named(dutch):
    dutch.collect()

    assert "not translated: My queue" in dutch.complaints()


def test_new_words_that_were_not_collected_are_told(dutch):
    dutch.collect()
    (translations.ROOT / "leads" / "more.py").write_text('_("Something new")')

    assert dutch.complaints()[-1].endswith("is not up to date: ./run messages")


def test_a_placeholder_that_a_translation_lost_is_told(dutch):
    dutch.collect()
    translate(dutch, "Good morning, %(name)s", "Goedemorgen, %(naam)s")

    assert any("Good morning" in each and "not translated" not in each for each in dutch.complaints())


def test_compiled_words_are_found(dutch):
    dutch.collect()
    translate(dutch, "My queue", "Mijn wachtrij")

    assert dutch.is_stale
    translations.compile_stale()

    assert not dutch.is_stale
    with dutch.compiled.open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("My queue") == "Mijn wachtrij"


def test_the_command_fails_while_words_are_missing(dutch):
    call_command("messages")

    with pytest.raises(CommandError, match="not translated: My queue"):
        call_command("messages", "--check")
