"""The stylesheet and the script as one file each, put together from the small files they list. No build step.

`css/app.css` and `js/app.js` stay the tables of contents: every `@import` and `import` line is replaced by the file
it names. The address holds a hash of the whole, so a browser may keep it for a year and still sees every change.
"""

import gzip
import re
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import brotli
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

KINDS = {"css/app.css": "text/css", "js/app.js": "text/javascript"}
CSS_IMPORT = re.compile(r'@import url\("([^"]+)"\) layer\((\w+)\);')
JS_IMPORT = re.compile(r'^import "\./([^"]+)";$', re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/\n?", re.DOTALL)


@dataclass(frozen=True)
class Bundle:
    name: str
    content: bytes
    version: str = field(init=False)
    brotli: bytes = field(init=False)
    gzip: bytes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "version", sha256(self.content).hexdigest()[:12])
        object.__setattr__(self, "brotli", brotli.compress(self.content))
        object.__setattr__(self, "gzip", gzip.compress(self.content, mtime=0))


def bundle(name: str) -> Bundle:
    """The file `name` with everything it imports. Made once; with DEBUG, again after each change."""
    if name not in KINDS:
        raise Http404
    return _made(name, _last_change(name) if settings.DEBUG else 0)


def url(name: str) -> str:
    return reverse("asset", args=[bundle(name).version, name])


@require_safe
@login_not_required
def serve(request: HttpRequest, version: str, name: str) -> HttpResponse:
    """An old version gets the present content for a moment only: a page from before a release still works."""
    wanted = bundle(name)
    accepted = request.headers.get("Accept-Encoding", "")
    encoding = next((kind for kind in ("br", "gzip") if kind in accepted), "")
    content = {"br": wanted.brotli, "gzip": wanted.gzip, "": wanted.content}[encoding]
    response = HttpResponse(content, content_type=f"{KINDS[name]}; charset=utf-8")
    response["Cache-Control"] = (
        "public, max-age=31536000, immutable" if version == wanted.version else "no-cache"
    )
    response["Vary"] = "Accept-Encoding"
    if encoding:
        response["Content-Encoding"] = encoding
    return response


@lru_cache(maxsize=8)
def _made(name: str, changed: int) -> Bundle:
    main = _found(name)
    text = main.read_text(encoding="utf-8")
    if name.endswith(".css"):
        text = CSS_IMPORT.sub(lambda m: f"@layer {m[2]} {{\n{_read(main, m[1])}}}", text)
        text = COMMENT.sub("", text)
    else:
        # A block of its own for each module: their names cannot meet.
        text = JS_IMPORT.sub(lambda m: "{\n" + _read(main, m[1]) + "}", text)
    return Bundle(name, text.encode())


def _found(name: str) -> Path:
    path = finders.find(name)
    if not path:
        raise Http404
    return Path(str(path))


def _read(main: Path, name: str) -> str:
    return (main.parent / name).read_text(encoding="utf-8")


def _last_change(name: str) -> int:
    return max(path.stat().st_mtime_ns for path in _found(name).parent.rglob("*" + Path(name).suffix))
