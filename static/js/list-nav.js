// data-list on a tbody or list, data-row on its rows: j k or arrows move, Enter or o opens, x selects, Shift x a range.
// One row is current from the start, unless what is shown beside the list is none of them (data-elsewhere).
const rows = () => [...document.querySelectorAll("[data-list] [data-row]")].filter((row) => row.checkVisibility());
const current = () => document.querySelector('[data-row][aria-current="true"]');
const tick = (row, on) => { const box = row?.querySelector(".check-cell input"); if (box && box.checked !== on) box.click(); };
const bar = () => document.querySelector("[data-selected]"), ticked = () => document.querySelectorAll(".check-cell input:checked");
const clear = () => { ticked().forEach((box) => (box.checked = false)); count(); };
let anchor, latest; // latest: the number of the row that was current, also after an answer took its place

function count() { // how many are selected; what was asked about others is gone
  if (!bar()) return;
  bar().textContent = bar().dataset.selected.replace("%s", ticked().length);
  document.getElementById("bulk-panel")?.replaceChildren();
}
document.addEventListener("change", ({ target }) => { if (target.closest(".check-cell, .bulk-bar label")) count(); });
document.addEventListener("reset", () => setTimeout(count));
document.addEventListener("click", ({ target, shiftKey }) => { // shift and a click: a range
  const row = target.matches?.(".check-cell input") && target.closest("[data-row]"), at = row ? rows().indexOf(row) : -1;
  if (at < 0) return;
  if (shiftKey && anchor >= 0) rows().slice(Math.min(anchor, at), Math.max(anchor, at) + 1).forEach((other) => (other.querySelector(".check-cell input").checked = target.checked));
  anchor = at;
  count();
});

function go(row, focus = true) {
  if (!row) return;
  latest = row.id;
  rows().forEach((other) => { other.tabIndex = other === row ? 0 : -1; other === row ? other.setAttribute("aria-current", "true") : other.removeAttribute("aria-current"); });
  if (focus) { row.focus({ preventScroll: true }); row.scrollIntoView({ block: "nearest" }); }
}

const start = () => go(current() ?? rows().find((row) => row.id && row.id === latest) ?? (document.querySelector("[data-elsewhere]") ? null : rows()[0]), false);
start();
document.addEventListener("htmx:afterSettle", start);
document.addEventListener("row:go", ({ detail }) => go(detail));
document.addEventListener("focusin", ({ target }) => { const row = target.closest?.("[data-row]"); if (row && row !== current()) go(row, false); });

document.addEventListener("keydown", (event) => {
  const here = current(), inField = event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog, summary");
  if (event.key === "Escape" && !inField) clear();
  if (inField || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const single = document.documentElement.dataset.keys !== "off", onRow = here && event.target === here, at = rows().indexOf(here);
  if (event.target.type === "radio" && event.key.startsWith("Arrow")) return; // they choose between the answers
  const step = { ArrowDown: 1, ArrowUp: -1, ...(single && { j: 1, k: -1 }) }[event.key];
  if (!rows().length || (!here && !step)) return;
  if (step && (single || onRow)) { event.preventDefault(); go(rows()[at + step]); }
  else if ((event.key === "Enter" && onRow) || (single && event.key === "o")) here.querySelector("[data-open], a[href]")?.click();
  else if (single && event.key === "x") { anchor = at; tick(here, !here.querySelector(".check-cell input")?.checked); }
  else if (single && event.key === "X") rows().slice(Math.min(anchor ?? at, at), Math.max(anchor ?? at, at) + 1).forEach((row) => tick(row, true));
});

document.addEventListener("click", ({ target }) => { // the whole row is a bonus for the mouse
  const row = target.closest?.("[data-row]");
  if (!row || target.closest("a, button, input, label, select, textarea, summary, details, form") || !getSelection().isCollapsed) return;
  go(row, false);
  row.querySelector("[data-open]")?.click();
});

document.addEventListener("change", ({ target }) => { // data-advance: an answer by its key leads to the next row; with pointer or arrows it stays
  const row = target.closest?.("[data-advance] [data-row]");
  if (row && document.activeElement === row) go(rows()[rows().indexOf(row) + 1]);
});
