"""Cells whose words mean something here: stages, languages, consent, facts."""

from __future__ import annotations

import re
from typing import Any

from leads.imports.values.remarks import Cells, Reader, Remarks
from leads.imports.values.texts import CONTROL, short_text
from leads.models import Stage

_STAGES = {
    Stage.NEW: "new lead open nieuw novo subscriber raw",
    Stage.MQL: "mql qualified gekwalificeerd qualificado marketingqualified marketingqualifiedlead",
    Stage.SQL: "sql salesready klaarvoorsales salesqualified salesqualifiedlead",
    Stage.ACCEPTED: "accepted sal geaccepteerd aceito salesaccepted salesacceptedlead assigned",
    Stage.CONTACTED: "contacted gecontacteerd contatado working incontact connected",
    Stage.OPPORTUNITY: "opportunity kans oportunidade proposal offerte negotiation",
    Stage.CUSTOMER: "customer klant cliente won closedwon gewonnen ganho",
    Stage.DISQUALIFIED: "disqualified unqualified gediskwalificeerd desqualificado junk invalid",
    Stage.LOST: "lost closedlost verloren perdido",
    Stage.RECYCLED: "recycled nurture nurturing recycle gerecycled reciclado",
}
_STAGE_OF = {word: stage for stage, words in _STAGES.items() for word in words.split()}


def parse_stage(cell: str) -> str | None:
    return _STAGE_OF.get(re.sub(r"[\W_]", "", cell.lower()))


def stage(column: str) -> Reader:
    known: dict[str, str | None] = {"": None}

    def read(cells: Cells, remarks: Remarks) -> list[Any]:
        values: list[str | None] = []
        for place, cell in enumerate(cells):
            if cell not in known:
                known[cell] = parse_stage(cell)
            if cell and known[cell] is None:
                remarks.refuse(place, "unknown_stage", column, cell)
            values.append(known[cell])
        return values

    return read


_LANGUAGES = {
    "dutch": "nl",
    "nederlands": "nl",
    "english": "en",
    "engels": "en",
    "portuguese": "pt",
    "português": "pt",
}
_LANGUAGES |= {
    "german": "de",
    "deutsch": "de",
    "duits": "de",
    "french": "fr",
    "français": "fr",
    "frans": "fr",
}


def language(column: str) -> Reader:
    text = short_text(column, 35)

    def read(cells: Cells, remarks: Remarks) -> list[Any]:
        return text([_LANGUAGES.get(cell.lower(), cell) for cell in cells], remarks)

    return read


NO_CONTACT = {
    "do not contact",
    "donotcontact",
    "dnc",
    "opted out",
    "opt-out",
    "opt out",
    "unsubscribed",
    "uitgeschreven",
}
_FACT_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,10})?")
_FACT_WORDS = {"true": True, "false": False}


def fact(cell: str) -> Any:
    """Numbers and truths as such, so that rules can compare them; everything else as text."""
    if _FACT_NUMBER.fullmatch(cell):
        return float(cell) if "." in cell else int(cell)
    if cell.lower() in _FACT_WORDS:
        return _FACT_WORDS[cell.lower()]
    return " ".join(CONTROL.sub(" ", cell).split())[:500]
