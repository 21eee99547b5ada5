"""One stylesheet and one script, small, kept by the browser until they change."""

import gzip
import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.http import Http404

from smarketing import assets

ROOT = Path(__file__).resolve().parents[2]
KILO = 1000


@pytest.mark.parametrize("name", ["css/app.css", "js/app.js"])
def test_a_bundle_holds_every_file_it_lists_and_lists_every_file(name):
    main = ROOT / "static" / name
    listed = set(assets.CSS_IMPORT.findall(main.read_text()) or assets.JS_IMPORT.findall(main.read_text()))
    listed = {entry[0] if isinstance(entry, tuple) else entry for entry in listed}
    present = {str(path.relative_to(main.parent)) for path in main.parent.rglob("*" + main.suffix)} - {
        main.name
    }

    assert listed == present
    assert not re.search(rb"@import|^import ", assets.bundle(name).content, re.MULTILINE)


def test_the_first_layers_come_first():
    css = assets.bundle("css/app.css").content.decode()

    assert css.startswith("@layer reset, tokens, base, layout, components, utilities;")
    assert css.count("{") == css.count("}")


def test_all_styles_fit_their_budget():
    assert len(brotli.compress(assets.bundle("css/app.css").content)) <= 12 * KILO


def test_all_scripts_with_htmx_fit_their_budget():
    htmx = Path(finders.find("django_htmx/htmx-2.min.js")).read_bytes()

    assert len(gzip.compress(htmx)) + len(gzip.compress(assets.bundle("js/app.js").content)) <= 30 * KILO


def test_own_scripts_stay_few():
    lines = sum(len(path.read_text().splitlines()) for path in (ROOT / "static" / "js").glob("*.js"))

    assert lines <= 350


def test_a_browser_may_keep_the_file_for_a_year(client):
    answer = client.get(assets.url("css/app.css"))

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert answer.content == assets.bundle("css/app.css").content


@pytest.mark.parametrize(
    ("accepted", "sent", "unpack"), [("gzip, br", "br", brotli.decompress), ("gzip", "gzip", gzip.decompress)]
)
def test_it_travels_compressed(client, accepted, sent, unpack):
    answer = client.get(assets.url("js/app.js"), headers={"Accept-Encoding": accepted})

    assert answer["Content-Encoding"] == sent
    assert unpack(answer.content) == assets.bundle("js/app.js").content


def test_an_old_address_still_answers_but_is_not_kept(client):
    answer = client.get("/assets/000000000000/css/app.css")

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "name", ["css/tokens.css", "../smarketing/settings.py", "css/../../run", "js/none.js"]
)
def test_nothing_else_of_the_disk_is_served(client, name):
    with pytest.raises(Http404):
        assets.bundle(name)

    assert client.get(f"/assets/000000000000/{name}").status_code == 404
