// After an act on a row the next row is current and has the focus; after the last one the previous; then the empty words.
// A row that answers with trouble (409, 422) stays current: there is something to read in it.
let next;
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  const row = detail.elt.closest("[data-row]");
  const rows = row && [...row.closest("[data-list]").querySelectorAll("[data-row]:not([data-taken])")], at = rows?.indexOf(row);
  next = row && detail.requestConfig.verb === "post" ? { here: row.id, there: (rows[at + 1] ?? rows[at - 1])?.id } : null;
});
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (!next || detail.requestConfig?.verb !== "post") return;
  const row = document.getElementById(detail.xhr.status === 200 ? next.there : next.here), empty = document.querySelector(".empty-state h2");
  next = null;
  if (row?.contains(document.activeElement)) return; // the summary of what needs attention took it
  row ? document.dispatchEvent(new CustomEvent("row:go", { detail: row })) : empty?.focus();
});
