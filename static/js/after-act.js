// After an act on a row the next row is current and has the focus; after the last one the previous; then the empty words.
let next;
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  const row = detail.elt.closest("[data-row]");
  const rows = row && [...row.closest("[data-list]").querySelectorAll("[data-row]:not([data-taken])")], at = rows?.indexOf(row);
  next = row && detail.requestConfig.verb === "post" ? { list: row.closest("[data-list]"), id: (rows[at + 1] ?? rows[at - 1])?.id } : null;
});
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (!next || !detail.successful || detail.requestConfig?.verb !== "post") return;
  const row = next.id && document.getElementById(next.id), empty = document.querySelector(".empty-state h2");
  row ? document.dispatchEvent(new CustomEvent("row:go", { detail: row })) : empty?.focus();
  next = null;
});
