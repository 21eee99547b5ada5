"""A sentence is looked up once in each language, and says the same as before."""

from django.utils import translation
from django.utils.translation import gettext, pgettext
from django.utils.translation.trans_real import translation as catalog_of

from smarketing import sentences


def test_each_language_keeps_its_own_words():
    sentences.remember()
    for _twice in range(2):
        with translation.override("nl"):
            assert gettext("Late by %s") != "Late by %s"
        with translation.override("en"):
            assert gettext("Late by %s") == "Late by %s"
            assert pgettext("unit, short for day", "d") == "d"


def test_the_catalog_is_asked_once_for_a_sentence():
    sentences.remember()
    sentences.remember()
    looked_up = catalog_of("nl").gettext.cache_info
    with translation.override("nl"):
        gettext("Late by %s")
        before = looked_up().misses
        gettext("Late by %s")
    assert looked_up().misses == before
