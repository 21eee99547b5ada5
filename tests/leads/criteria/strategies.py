"""Random rules and facts, drawn so that they often meet: the same awkward values on both sides."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from leads.criteria.definition import Op

KEYS = ["vehicles", "requested", "budget", "trial_on", "a'b\"%s{}", "12"]
COLUMN_KEYS = [
    "company_size",
    "country",
    "industry",
    "source",
    "campaign",
    "job_title",
    "captured_at",
    "phone",
]

AWKWARD_TEXTS = [
    "NL", " nl ", "België", "BELGIË", "Belgie\u0308", "ΣΊΣΥΦΟΣ", "σίσυφοσ", "Straße", "STRASSE", "İstanbul", "ИВАН", "иван",
    "50", " 50 ", "50.0", "+50", "-0", "007", "1,5", "1.5", "1.500", "1,500", "1500", "0.125", "12a", "1e3", "١٢", "5" * 40,
    "9" * 29 + ",5", "NaN", "Infinity", "yes", "JA", "true", "0", "nee", "", " ", "\u00a0", "quote; demo", "Demo,quote|call",
    ";;", "a\nb", "%", "{}", "'; DROP TABLE leads_lead; --", "\\", "😀", "2026-11-20", "2026-11-24", "2026-02-30", "2024-02-29",
    "2026-11-23T23:30:00+00:00", "2026-11-23T23:30:00Z", "2026-11-23 23:30", "2026-11-23T23:30:59,999999999-1100", "20-11-2026",
    "31-11-2026", "20/11/2026", "2026-11-20T25:00", "1970-01-01", "quote", "demo",
]  # fmt: skip
texts = st.one_of(
    st.sampled_from(AWKWARD_TEXTS),
    st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=12),
    st.dates(date(1975, 1, 1), date(2100, 1, 1)).map(date.isoformat),
    st.integers(200_000_000, 2_000_000_000).map(
        lambda seconds: datetime.fromtimestamp(seconds, UTC).isoformat()
    ),
)
numbers = st.one_of(
    st.sampled_from([0, 1, 50, 50.0, -0.0, 1.5, 1500, 0.125, 1e3, -7, 10**14, 0.1 + 0.2, 1e-7]),
    st.integers(-(10**14), 10**14),
    st.floats(-1e14, 1e14),
)
scalars = st.one_of(
    st.none(), st.booleans(), numbers, st.sampled_from([10**40, 1e300, 5e-324]), texts, st.just({"a": 1})
)
fact_values = st.one_of(scalars, st.lists(scalars, max_size=4), st.just([["a"], "b"]))
facts = st.dictionaries(st.sampled_from(KEYS), fact_values, max_size=len(KEYS))


def _is_plain(text: str) -> bool:
    return bool(text.strip(" \t\n\r\f\v\u00a0")) and all(ord(c) >= 32 for c in text)


plain_texts = texts.filter(_is_plain)
plain_lists = st.lists(plain_texts | st.integers(-5, 60), min_size=1, max_size=4)
days = st.sampled_from(["2026-11-20", "2026-11-23", "2026-11-24", "2024-02-29"]) | st.dates(
    date(1975, 1, 1), date(2100, 1, 1)
).map(date.isoformat)
VALUES = {
    Op.EQUALS: st.booleans() | numbers | plain_texts,
    Op.IS_ONE_OF: plain_lists,
    Op.IS_NOT_ONE_OF: plain_lists,
    Op.AT_LEAST: numbers,
    Op.AT_MOST: numbers,
    Op.BETWEEN: st.lists(numbers, min_size=2, max_size=2) | st.lists(days, min_size=2, max_size=2),
    Op.BEFORE: days,
    Op.AFTER: days,
    Op.WITHIN_LAST_DAYS: st.sampled_from([0, 1, 3, 30, 36_500]),
    Op.INCLUDES_ANY: plain_lists,
    Op.INCLUDES_ALL: plain_lists,
    Op.CONTAINS: plain_texts,
}


@st.composite
def tests_of_facts(draw):
    op = draw(st.sampled_from(list(Op)))
    rule = {"fact": draw(st.sampled_from(KEYS + COLUMN_KEYS)), "op": op.value}
    return rule | ({"value": draw(VALUES[op])} if op in VALUES else {})


rules = st.recursive(
    tests_of_facts(),
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=6,
).filter(lambda rule: _depth(rule) <= 6)


def _depth(rule):
    inner = rule.get("all") or rule.get("any") or ([rule["not"]] if "not" in rule else [])
    return 1 + max(map(_depth, inner), default=0)


@st.composite
def leads(draw):
    """What a lead is made of, as keyword arguments for the rows."""
    return {
        "facts": draw(facts),
        "company": draw(st.none() | st.fixed_dictionaries(
            {"size": st.none() | st.sampled_from([0, 49, 50, 51, 2_000_000_000]), "country": column_texts, "industry": column_texts}
        )),
        "contact": {"job_title": draw(column_texts), "phone": draw(st.sampled_from(["", "+31205550134"]))},
        "source": draw(st.sampled_from([None, "webinar", "paid_search"])),
        "captured_at": datetime(2026, 11, 23, 23, 30, tzinfo=UTC) - timedelta(hours=draw(st.integers(-48, 2000))),
    }  # fmt: skip


column_texts = texts.filter(lambda text: len(text) <= 80 and "\x00" not in text)
