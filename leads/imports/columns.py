"""Which column of a file goes to which field. Guesses from the header, and says whether it is sure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

FACT = "fact:"

# The field, its label, and the headers that surely mean it: English, Dutch, Portuguese, without spaces and signs.
_FIELDS = [
    (
        "external_id",
        _("External id"),
        "externalid leadid id leadnumber leadnummer recordid crmid mqlid uuid klantnummer iddolead",
    ),
    ("first_name", _("First name"), "firstname givenname voornaam nome primeironome forename"),
    ("last_name", _("Last name"), "lastname surname familyname achternaam sobrenome apelido"),
    (
        "full_name",
        _("Full name"),
        "fullname name naam volledigenaam nomecompleto contact contactname contactpersoon contactperson contato",
    ),
    (
        "email",
        _("E-mail"),
        "email mail emailaddress emailadres mailadres emailworkaddress workemail endereçodeemail correio",
    ),
    (
        "phone",
        _("Phone"),
        "phone phonenumber telephone tel telefoon telefoonnummer mobile mobiel mobielnummer mobilephone telefone celular workphone gsm",
    ),
    ("job_title", _("Job title"), "jobtitle title position function functie functietitel rol role cargo"),
    ("language", _("Language"), "language taal lang idioma preferredlanguage voorkeurstaal"),
    (
        "company",
        _("Company"),
        "company companyname organisation organization bedrijf bedrijfsnaam organisatie empresa account accountname firma nomedaempresa",
    ),
    (
        "company_domain",
        _("Company web domain"),
        "companydomain domain domein website companywebsite site webdomain websiteurl url",
    ),
    (
        "company_size",
        _("Number of staff"),
        "companysize employees numberofemployees size staff medewerkers aantalmedewerkers werknemers funcionários headcount tamanhodaempresa",
    ),
    ("industry", _("Industry"), "industry sector branche setor segmento businesssegment indústria"),
    ("country", _("Country"), "country land país countrycode landcode"),
    ("city", _("City"), "city town plaats stad woonplaats cidade"),
    (
        "source",
        _("Source"),
        "source leadsource origin bron herkomst fonte origem utmsource originalsource leadbron channel kanaal",
    ),
    ("campaign", _("Campaign"), "campaign campaignname campagne campanha utmcampaign campagnenaam"),
    (
        "captured_at",
        _("Captured at"),
        "capturedat captured created createdat createddate createdate creationdate datecreated aangemaakt aangemaaktop datum date leaddate criadoem datadecriação",
    ),
    ("stage", _("Stage"), "stage leadstage status leadstatus fase lifecyclestage funnelstage estágio etapa"),
    ("mql_at", _("Qualified at"), "mqlat mqldate qualifiedat qualifieddate gekwalificeerdop becamemqldate"),
    ("sql_at", _("Sales-ready at"), "sqlat sqldate salesreadyat salesreadydate becamesqldate"),
    ("accepted_at", _("Accepted at"), "acceptedat accepteddate geaccepteerdop salesacceptedat"),
    ("contacted_at", _("Contacted at"), "contactedat contacteddate firstcontactedat gecontacteerdop"),
    (
        "opportunity_at",
        _("Opportunity since"),
        "opportunityat opportunitydate opportunitycreatedat becameopportunitydate",
    ),
    (
        "customer_at",
        _("Customer since"),
        "customerat customerdate customersince wondate wonat won closedwonat closedwondate becamecustomerdate klantsinds gewonnenop clientedesde",
    ),
    ("lost_at", _("Lost at"), "lostat lostdate closedlostat closedlostdate verlorenop perdidoem"),
    ("disqualified_at", _("Disqualified at"), "disqualifiedat disqualifieddate gediskwalificeerdop"),
    (
        "reason",
        _("Reason (lost or disqualified)"),
        "reason lostreason closereason reden verliesreden redenverloren disqualifiedreason motivo",
    ),
    ("marketer", _("Marketer"), "marketer marketeer sdr marketingowner"),
    (
        "rep",
        _("Sales rep"),
        "rep salesrep salesperson owner leadowner verkoper eigenaar accountmanager vendedor responsável assignedto",
    ),
    (
        "amount",
        _("Amount"),
        "amount dealamount dealvalue value bedrag waarde omzet revenue dealsize valor montante",
    ),
    ("currency", _("Currency"), "currency valuta munt moeda currencycode"),
    ("message", _("Message"), "message bericht vraag question mensagem formmessage"),
    (
        "consent",
        _("Permission to contact"),
        "consent optin permission toestemming marketingconsent consentimento gdprconsent",
    ),
    (
        "note",
        _("Note"),
        "note notes notitie notities opmerking opmerkingen comment comments remarks nota observação opm",
    ),
]
LABELS = {field: label for field, label, _words in _FIELDS}
FIELDS = list(LABELS)
MOMENTS = [field for field in FIELDS if field.endswith("_at")]


def _key(header: str) -> str:
    plain = unicodedata.normalize("NFKD", header).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain.lower())


SURE = {_key(word): field for field, _label, words in _FIELDS for word in words.split()}
SURE |= {_key(field): field for field in FIELDS}
# Parts of a header that make a field likely; the first that fits.
LIKELY = [
    ("firstcontactdate", "captured_at"),
    ("firstcontact", "contacted_at"),
    ("email", "email"),
    ("phone", "phone"),
    ("telefo", "phone"),
    ("mobiel", "phone"),
    ("voornaam", "first_name"),
    ("achternaam", "last_name"),
    ("companysize", "company_size"),
    ("bedrijfsnaam", "company"),
    ("companyname", "company"),
    ("campa", "campaign"),
    ("country", "country"),
    ("captured", "captured_at"),
    ("created", "captured_at"),
    ("wondate", "customer_at"),
    ("externalid", "external_id"),
]


class UnknownField(Exception):
    """A column was sent to a field that does not exist."""


@dataclass(frozen=True)
class Guess:
    field: str  # "" when nothing fits
    sure: bool


def guess(headers: Iterable[str]) -> dict[str, Guess]:
    """For each header the field it most likely means. No field is given to two columns; sure guesses choose first."""
    headers = list(headers)
    guesses: dict[str, Guess] = {}
    taken: set[str] = set()
    for sure in (True, False):
        for header in headers:
            if header in guesses:
                continue
            if header.lower().startswith(FACT) and fact_name(header):
                field = FACT + fact_name(header)
            else:
                field = SURE.get(_key(header), "") if sure else _likely(_key(header))
            if field and field not in taken:
                guesses[header] = Guess(field, sure)
                taken.add(field)
    return {header: guesses.get(header, Guess("", False)) for header in headers}


def check(columns: dict[str, str], headers: Iterable[str]) -> dict[str, str]:
    """The mapping with tidy fact names; raises UnknownField when a column or field does not exist or a field is given twice."""
    headers = list(headers)
    checked: dict[str, str] = {}
    for column, field in columns.items():
        if column not in headers:
            raise UnknownField(_("The file has no column “%(column)s”.") % {"column": column[:80]})
        if field.startswith(FACT):
            field = FACT + fact_name(field)
        if field and field not in LABELS and field.removeprefix(FACT) in ("", field):
            raise UnknownField(_("There is no field “%(field)s”.") % {"field": field[:80]})
        if field and field in checked.values():
            raise UnknownField(_("Two columns go to “%(field)s”. Choose one.") % {"field": label(field)})
        checked[column] = field
    return checked


def fact_name(field: str) -> str:
    """The name under which criteria find the fact: `fact:Site visits` is `site_visits`."""
    return slugify(field[len(FACT) :]).replace("-", "_")[:80].strip("_")


def label(field: str) -> str:
    return str(LABELS[field]) if field in LABELS else field.removeprefix(FACT)


def _likely(key: str) -> str:
    return next((field for part, field in LIKELY if part in key), "")
