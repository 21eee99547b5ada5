"""What people in the demo company are called, ask and write."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from random import Random

FIRST = "Noor Jonas Aisha Luc Ana Pieter Lotte Bram Emma Thijs Fleur Ruben Zoë Iris Hélène Joost Marieke Stefan Wouter Katrien".split()
LAST = [
    "de Wit", "Peeters", "Benali", "Maes", "Silva", "van den Broek", "Jansen", "Kowalski", "Dubois", "Bakker", "Meijer", "Mulder",
    "van der Wouden-Schimmelpenninck", "Vos", "Claessens", "Öztürk", "Hendriks", "Janssens",
]  # fmt: skip
TITLES = [
    "Operations director",
    "Fleet manager",
    "Head of finance",
    "Owner",
    "Purchaser",
    "Transport planner",
]
CITIES = ["Utrecht", "Antwerp", "Rotterdam", "Ghent", "Venlo", "Luxembourg", "Zwolle"]
NAMES = [
    "Vandersteen",
    "Kaai",
    "Holt",
    "Noordzee",
    "Brabo",
    "Maasland",
    "Veluwe",
    "Schelde",
    "Zuiderpoort",
    "Waal",
    "Ardenne",
    "Polder",
]
TRADES = ["Logistics", "Transport", "Distribution", "Couriers", "Foods", "Cold chain", "Building supplies"]
FORM_TITLES = {"price": "Price request", "demo": "Demo request", "brochure": "Brochure"}
PAGES = ["Prices", "ROI sheet", "Case: Holt Transport", "Fuel report", "Contact", "Integrations"]
MESSAGES = [
    "We want to lower fuel cost before the second quarter. What would it cost for our fleet?",
    "Our planners still work with spreadsheets. Can we see how yours would do it?",
    "We have to report our emissions to the board. Do you do that too?",
    "Saw you at the fair. Send me a price for all vehicles.",
    "",
]
DECIDERS = [
    "He signs himself",
    "Reports to the owner, who joins the call",
    "Operations director decides up to 50k",
]
PAINS = ["Fuel cost up 14 % this year", "Loses two hours a day on planning", "Two fines for driving times"]
CALLS = [
    "Good talk; wants numbers for his own fleet.",
    "Compares us with one other; price decides.",
    "Board meets on Thursday; proposal before.",
]
DISQUALIFIED = ["Fleet too small", "Outside the Benelux", "A student", "Supplier, not a customer"]
RETURNED = [
    "Fleet turned out to be 30 vehicles",
    "This is a daughter of an existing customer",
    "No vehicles of their own",
]
LOST = ["Went with a competitor", "No budget", "Stays with the present system"]


@dataclass(frozen=True)
class Company:
    name: str
    domain: str


def company(dice: Random, number: int) -> Company:
    name, trade = dice.choice(NAMES), dice.choice(TRADES)
    return Company(f"{name} {trade}", f"{plain(name)}-{plain(trade)}-{number}.example")


def brief(dice: Random) -> dict[str, str]:
    """A brief as a good marketer writes it; some items stay empty."""
    told = {
        "why_now": dice.choice(["Asked for a price after the webinar", "Contract with the present supplier ends in March", "Was referred by Holt Transport; waits for our call"]),
        "wants": dice.choice(["Fuel cost down 8 % before Q2; a report for the board", "One planning for all depots", "A price for the whole fleet"]),
        "decider": dice.choice(["Signs himself up to 50k", "The owner, who reads along", ""]),
        "best_moment": dice.choice(["Before ten, then he is on the road", "Any afternoon", ""]),
        "already_told": dice.choice(["Got the ROI sheet and the case of Holt", ""]),
        "careful": dice.choice(["Complained about an invoice in 2024", "", ""]),
        "promise": dice.choice(["We call today", "", ""]),
    }  # fmt: skip
    return {key: text for key, text in told.items() if text}


def plain(text: str) -> str:
    """Letters and hyphens for an address."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return folded.replace(" ", "-")
