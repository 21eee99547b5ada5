"""Every pair of colours that may meet, recomputed from tokens.css (WCAG 2.2), light and dark; and no colour elsewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOKENS = ROOT / "static" / "css" / "tokens.css"
PAIR = re.compile(r"--sm-([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)")
COLOURS = {name: (light, dark) for name, light, dark in PAIR.findall(TOKENS.read_text())}
LIGHT, DARK = 0, 1

SURFACES = ["bg", "surface", "sunken", "selected"]
STATES = ["late", "soon", "met", "calm", "info"]
RANGES = ["range-1", "range-2", "range-3"]


def pairs() -> list[tuple[str, str, float]]:
    """(what stands on top, what lies under it, the least contrast)"""
    return [
        *[(text, under, 4.5) for text in ("ink", "ink-2", "ink-3", "link") for under in SURFACES],
        *[("focus", under, 3) for under in SURFACES],
        *[("line-strong", under, 3) for under in ("bg", "surface", "sunken")],
        ("on-accent", "accent", 4.5),
        ("on-accent", "accent-hover", 4.5),
        ("on-danger", "danger", 4.5),
        *[("danger", under, 4.5) for under in ("bg", "surface")],
        *[(f"{kind}-fg", f"{kind}-bg", 4.5) for kind in [*STATES, "mkt", "sal"]],
        *[(f"{kind}-fg", "surface", 4.5) for kind in STATES],
        *[(f"{kind}-solid", under, 3) for kind in STATES for under in ("bg", "surface", "sunken")],
        *[(f"{kind}-solid", f"{kind}-bg", 3) for kind in STATES],
        *[(f"{team}-solid", "surface", 3) for team in ("mkt", "sal")],
        ("mark", "surface", 3),
        ("mark", "bg", 3),
        ("mark-2", "surface", 3),
        *[("mark", under, 3) for under in RANGES],
        *[("target", under, 4.5) for under in RANGES],
        ("target", "mark", 2.0),
        ("accent", "selected", 3),
        ("ink-2", "surface", 4.5),
    ]


def luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_itself():
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


def test_the_colours_were_found():
    assert len(COLOURS) >= 40


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("over", "under", "least"), pairs())
def test_every_pair_can_be_read(over, under, least, theme):
    assert contrast(COLOURS[over][theme], COLOURS[under][theme]) >= least


# What the designer's table promises: the lowest value of each group, so that a changed token shows here first.
@pytest.mark.parametrize(
    ("over", "under", "light", "dark"),
    [
        (["ink", "ink-2", "ink-3", "link"], SURFACES, 5.19, 5.58),
        (["focus"], SURFACES, 5.30, 6.64),
        (["line-strong"], ["bg", "surface", "sunken"], 3.34, 4.06),
        (["on-accent"], ["accent"], 6.24, 8.26),
        (["on-danger"], ["danger"], 6.54, 7.32),
        (["mark"], RANGES, 4.05, 3.65),
        (["target"], RANGES, 10.64, 7.67),
        (["target"], ["mark"], 2.63, 2.10),
        (["mark-2"], ["surface"], 3.41, 3.98),
    ],
)
def test_the_tokens_are_those_of_the_design(over, under, light, dark):
    lowest = [
        min(contrast(COLOURS[o][theme], COLOURS[u][theme]) for o in over for u in under)
        for theme in (LIGHT, DARK)
    ]

    assert [round(value, 2) for value in lowest] == [light, dark]


def test_no_colour_is_named_outside_the_tokens():
    named = re.compile(r"#[0-9a-fA-F]{3,8}\b(?![^{}]*\{)|\b(?:rgb|hsl|oklch)a?\(")
    sheets = [path for path in (ROOT / "static" / "css").rglob("*.css") if path != TOKENS]

    assert sheets
    assert [path.name for path in sheets if named.search(path.read_text())] == []


def test_no_page_carries_a_style_or_a_script_of_its_own():
    inline = re.compile(
        r"\sstyle=|<style|\son[a-z]+=\"|\shx-on|<script(?![^>]*\ssrc=)(?![^>]*application/json)",
        re.IGNORECASE,
    )
    pages = [path for path in (ROOT / "templates").rglob("*.html") if "emails" not in path.parts]

    assert len(pages) > 20
    assert [str(path.relative_to(ROOT)) for path in pages if inline.search(path.read_text())] == []


def test_only_known_tokens_are_used():
    known = set(re.findall(r"(--sm-[\w-]+):", TOKENS.read_text()))
    used = {
        name
        for path in (ROOT / "static" / "css").rglob("*.css")
        for name in re.findall(r"var\((--sm-[\w-]+)", path.read_text())
    }

    assert used - known == set()
