"""Pages of the import: file, columns, check, done. Each step has its address; who comes back finds the step where it stands."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from leads import access, exporting
from leads.imports import reporting, running
from leads.imports.forms import ColumnsForm, UploadForm
from leads.imports.reading import Unreadable
from leads.models import BatchState, ImportBatch
from smarketing.requests import AuthenticatedRequest

SHOWN = 20
PAGE_OF = {
    BatchState.COLUMNS: "leads:import_columns",
    BatchState.CHECKING: "leads:import_check",
    BatchState.CHECKED: "leads:import_check",
    BatchState.LOADING: "leads:import_result",
    BatchState.DONE: "leads:import_result",
    BatchState.FAILED: "leads:import_result",
}


@require_GET
def overview(request: AuthenticatedRequest) -> HttpResponse:
    """A file to choose, and the latest imports."""
    return render(request, "leads/imports/overview.html", _overview(request))


@require_POST
def upload(request: AuthenticatedRequest) -> HttpResponse:
    access.check_may_import(request.user)
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = running.receive(file.chunks(), file.name, by=request.user, at=timezone.now())
        except Unreadable as error:
            form.add_error("file", str(error))
        else:
            return redirect("leads:import_columns", batch.pk)
    return render(request, "leads/imports/overview.html", _overview(request) | {"form": form}, status=422)


def columns_page(request: AuthenticatedRequest, batch_id: int) -> HttpResponse:
    """Which column goes to which field: guessed, to be confirmed."""
    batch = access.get_import_to_run(request.user, batch_id)
    if batch.state not in (BatchState.COLUMNS, BatchState.CHECKED):
        return redirect(PAGE_OF[BatchState(batch.state)], batch.pk)
    initial = {
        "date_format": batch.date_format,
        "default_source": batch.default_source,
        "default_stage": batch.default_stage,
    }
    guesses = running.suggest_columns(batch)
    form = ColumnsForm(request.POST or None, initial=initial, batch=batch, guesses=guesses)
    if request.method == "POST" and form.is_valid():
        try:
            running.choose_columns(
                batch,
                form.cleaned_data["columns"],
                at=timezone.now(),
                date_format=form.cleaned_data["date_format"],
                default_source=form.cleaned_data["default_source"],
                default_stage=form.cleaned_data["default_stage"],
            )
        except running.NotNow as error:
            return _moved_on(request, batch, error)
        return redirect("leads:import_check", batch.pk)
    context = {"form": form, "batch": batch, "steps": _steps(batch, "columns")}
    return render(request, "leads/imports/columns.html", context, status=422 if form.is_bound else 200)


@require_GET
@vary_on_headers("HX-Request")
def check(request: AuthenticatedRequest, batch_id: int) -> HttpResponse:
    """What would happen, before it happens."""
    batch = access.get_import_to_read(request.user, batch_id)
    if batch.state not in (BatchState.CHECKING, BatchState.CHECKED):
        return _go_to(request, batch)
    context = {
        "batch": batch,
        "steps": _steps(batch, "check"),
        "may_import": access.may_import(request.user),
        "report": reporting.forecast(batch) if batch.state == BatchState.CHECKED else None,
    }
    template = "leads/imports/_check.html" if request.htmx else "leads/imports/check.html"
    return render(request, template, context)


@require_GET
@vary_on_headers("HX-Request")
def result(request: AuthenticatedRequest, batch_id: int) -> HttpResponse:
    """How far it is, and what came of it."""
    batch = access.get_import_to_read(request.user, batch_id)
    if batch.state not in (BatchState.LOADING, BatchState.DONE, BatchState.FAILED):
        return _go_to(request, batch)
    context = {
        "batch": batch,
        "steps": _steps(batch, "done"),
        "may_import": access.may_import(request.user),
        "report": reporting.outcome(batch),
    }
    template = "leads/imports/_result.html" if request.htmx else "leads/imports/result.html"
    return render(request, template, context)


@require_POST
def start(request: AuthenticatedRequest, batch_id: int) -> HttpResponse:
    batch = access.get_import_to_run(request.user, batch_id)
    try:
        running.start(batch, at=timezone.now())
    except running.NotNow as error:
        return _moved_on(request, batch, error)
    return redirect("leads:import_result", batch.pk)


@require_POST
def resume(request: AuthenticatedRequest, batch_id: int) -> HttpResponse:
    batch = access.get_import_to_run(request.user, batch_id)
    try:
        running.resume(batch, at=timezone.now())
    except running.NotNow as error:
        return _moved_on(request, batch, error)
    return redirect(PAGE_OF[BatchState(batch.state)], batch.pk)


@require_POST
def discard(request: AuthenticatedRequest, batch_id: int) -> HttpResponse:
    batch = access.get_import_to_run(request.user, batch_id)
    try:
        running.discard(batch)
    except running.NotNow as error:
        return _moved_on(request, batch, error)
    messages.success(request, _("The file was removed. No lead was changed."))
    return redirect("leads:import")


@require_GET
def rejected(request: AuthenticatedRequest, batch_id: int) -> StreamingHttpResponse:
    """The refused rows as they stood in the file, each with the reason."""
    batch = access.get_import_to_read(request.user, batch_id)
    rows = reporting.rejected_rows(batch)
    return exporting.csv_response(f"import {batch.pk} rejected", next(rows), rows)


@require_GET
def warned(request: AuthenticatedRequest, batch_id: int) -> StreamingHttpResponse:
    """The rows with warnings as they stood in the file, each with its warnings."""
    batch = access.get_import_to_read(request.user, batch_id)
    rows = reporting.warned_rows(batch)
    return exporting.csv_response(f"import {batch.pk} warnings", next(rows), rows)


# Mechanics


def _overview(request: AuthenticatedRequest) -> dict[str, Any]:
    latest = access.imports_to_read(request.user).select_related("created_by").order_by("-id")[:SHOWN]
    return {
        "form": UploadForm(),
        "may_import": access.may_import(request.user),
        "steps": _steps(None, "file"),
        "batches": [(batch, reverse(PAGE_OF[BatchState(batch.state)], args=[batch.pk])) for batch in latest],
    }


def _steps(batch: ImportBatch | None, current: str) -> list[dict[str, str]]:
    labels = {"file": _("File"), "columns": _("Columns"), "check": _("Check"), "done": _("Done")}
    order = list(labels)
    urls = {}
    if batch and batch.state in (BatchState.COLUMNS, BatchState.CHECKED):
        urls["columns"] = reverse("leads:import_columns", args=[batch.pk])
    return [
        {
            "label": labels[step],
            "url": urls.get(step, ""),
            "state": "current"
            if step == current
            else "done"
            if order.index(step) < order.index(current)
            else "",
        }
        for step in order
    ]


def _go_to(request: AuthenticatedRequest, batch: ImportBatch) -> HttpResponse:
    """Where the batch stands now; a polling fragment makes the whole page go there."""
    url = reverse(PAGE_OF[BatchState(batch.state)], args=[batch.pk])
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)


def _moved_on(request: AuthenticatedRequest, batch: ImportBatch, error: running.NotNow) -> HttpResponse:
    messages.warning(request, str(error))
    there = ImportBatch.objects.filter(pk=batch.pk).first()
    return redirect(PAGE_OF[BatchState(there.state)], there.pk) if there else redirect("leads:import")
