"""`coercion.py` in SQL, over the JSON value of a fact. PL/pgSQL, because it reads as steps and runs faster than nested SQL functions.

None of these raises, whatever the value: each cast stands behind a pattern that only lets through what can be cast.
"""

from __future__ import annotations

from leads.criteria.coercion import (
    AMBIGUOUS_NUMBER,
    CAPITALS,
    DUTCH_DAY,
    ISO_DAY,
    ISO_MOMENT,
    NO_WORDS,
    NUMBER,
    OFFSET,
    SMALL,
    YES_WORDS,
)


def _literals(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


_SPACES = r"E' \t\n\r\f\x0b\u00a0'"
_HEAD = "LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$"

FACT_FOLD = f"""
CREATE OR REPLACE FUNCTION fact_fold(value text) RETURNS text {_HEAD}
BEGIN
    IF octet_length(value) = length(value) THEN
        RETURN btrim(lower(value COLLATE "C"), {_SPACES});
    END IF;
    RETURN btrim(translate(lower(normalize(value, NFC) COLLATE "C"), '{CAPITALS}', '{SMALL}'), {_SPACES});
END $$;
"""

FACT_WORD = f"""
CREATE OR REPLACE FUNCTION fact_word(value jsonb) RETURNS text {_HEAD}
BEGIN
    CASE jsonb_typeof(value)
        WHEN 'string' THEN RETURN nullif(fact_fold(value #>> '{{}}'), '');
        WHEN 'number' THEN RETURN trim_scale((value #>> '{{}}')::numeric)::text;
        WHEN 'boolean' THEN RETURN value #>> '{{}}';
        ELSE RETURN NULL;
    END CASE;
END $$;
"""

FACT_ONLY = f"""
CREATE OR REPLACE FUNCTION fact_only(value jsonb) RETURNS jsonb {_HEAD}
BEGIN
    IF jsonb_typeof(value) IS DISTINCT FROM 'array' THEN
        RETURN value;
    END IF;
    RETURN CASE WHEN jsonb_array_length(value) = 1 THEN value -> 0 END;
END $$;
"""

FACT_WORDS = f"""
CREATE OR REPLACE FUNCTION fact_words(value jsonb) RETURNS text[] {_HEAD}
DECLARE
    word text;
BEGIN
    IF jsonb_typeof(value) = 'array' THEN
        RETURN (SELECT array_agg(f.word) FROM (SELECT fact_word(item) AS word FROM jsonb_array_elements(value) item) f
                WHERE f.word IS NOT NULL);
    END IF;
    word := fact_word(value);
    RETURN CASE WHEN word IS NOT NULL THEN ARRAY[word] END;
END $$;
"""

FACT_ITEMS = f"""
CREATE OR REPLACE FUNCTION fact_items(value jsonb) RETURNS text[] {_HEAD}
BEGIN
    RETURN (
        SELECT array_agg(item) FROM (
            SELECT btrim(part, {_SPACES}) AS item
            FROM unnest(fact_words(value)) word, unnest(string_to_array(translate(word, E',|\\n', ';;;'), ';')) part
        ) parts WHERE item <> ''
    );
END $$;
"""

FACT_NUMBER = f"""
CREATE OR REPLACE FUNCTION fact_number(value jsonb) RETURNS numeric {_HEAD}
DECLARE
    single jsonb := fact_only(value);
    word text;
BEGIN
    IF jsonb_typeof(single) = 'number' THEN
        RETURN (single #>> '{{}}')::numeric;
    ELSIF jsonb_typeof(single) = 'string' THEN
        word := fact_fold(single #>> '{{}}');
        IF word ~ '^{NUMBER}$' AND word !~ '^{AMBIGUOUS_NUMBER}$' THEN
            RETURN replace(word, ',', '.')::numeric;
        END IF;
    END IF;
    RETURN NULL;
END $$;
"""

FACT_YES_NO = f"""
CREATE OR REPLACE FUNCTION fact_yes_no(value jsonb) RETURNS boolean {_HEAD}
DECLARE
    word text := fact_word(fact_only(value));
BEGIN
    RETURN CASE WHEN word IN ({_literals(YES_WORDS)}) THEN true WHEN word IN ({_literals(NO_WORDS)}) THEN false END;
END $$;
"""

FACT_DAY = f"""
CREATE OR REPLACE FUNCTION fact_day(value jsonb, zone text) RETURNS date LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    single jsonb := fact_only(value);
    word text;
    year int;
    month int;
    day int;
    clock text;
BEGIN
    IF jsonb_typeof(single) IS DISTINCT FROM 'string' THEN
        RETURN NULL;
    END IF;
    word := fact_fold(single #>> '{{}}');
    IF word ~ '^({ISO_DAY}|{ISO_MOMENT})$' THEN
        year := left(word, 4)::int; month := substr(word, 6, 2)::int; day := substr(word, 9, 2)::int;
        clock := substr(word, 12);
    ELSIF word ~ '^{DUTCH_DAY}$' THEN
        day := split_part(word, '-', 1)::int; month := split_part(word, '-', 2)::int; year := split_part(word, '-', 3)::int;
        clock := '';
    ELSE
        RETURN NULL;
    END IF;
    IF day > extract(day FROM make_date(year, month, 1) + interval '1 month' - interval '1 day') THEN
        RETURN NULL;
    END IF;
    IF clock ~ '(z|{OFFSET})$' THEN
        RETURN ((make_date(year, month, day)::text || ' ' || left(clock, 5) || substring(clock FROM '(z|{OFFSET})$'))::timestamptz
                AT TIME ZONE zone)::date;
    END IF;
    RETURN make_date(year, month, day);
END $$;
"""

CREATE = [FACT_FOLD, FACT_WORD, FACT_ONLY, FACT_WORDS, FACT_ITEMS, FACT_NUMBER, FACT_YES_NO, FACT_DAY]
DROP = [
    "DROP FUNCTION IF EXISTS fact_day(jsonb, text)",
    "DROP FUNCTION IF EXISTS fact_yes_no(jsonb)",
    "DROP FUNCTION IF EXISTS fact_number(jsonb)",
    "DROP FUNCTION IF EXISTS fact_items(jsonb)",
    "DROP FUNCTION IF EXISTS fact_words(jsonb)",
    "DROP FUNCTION IF EXISTS fact_only(jsonb)",
    "DROP FUNCTION IF EXISTS fact_word(jsonb)",
    "DROP FUNCTION IF EXISTS fact_fold(text)",
]
