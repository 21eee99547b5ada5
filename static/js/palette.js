// Ctrl K: this page's acts, the rooms, and leads by name when the server has a search (it answers {results: [{label, note, url}]}).
const dialog = document.getElementById("palette"), input = dialog?.querySelector("input"), list = dialog?.querySelector("[role=listbox]");
let options = [], chosen = 0, asked, waiting;
// Leads looked at last, in this tab only and until it closes: names do not stay on the machine.
if (location.pathname.startsWith("/accounts/")) sessionStorage.removeItem("recent"); // somebody else may sign in here
const recent = () => JSON.parse(sessionStorage.getItem("recent") ?? "[]");
if (/^\/leads\/\d+\/$/.test(location.pathname)) sessionStorage.setItem("recent", JSON.stringify([{ label: document.querySelector("h1").textContent.trim(), url: location.pathname }, ...recent().filter((o) => o.url !== location.pathname)].slice(0, 6)));
const words = (element) => element.getAttribute("aria-label") ?? [...element.childNodes].filter((n) => !n.matches?.("kbd, .rail__count, svg")).map((n) => n.textContent).join(" ").trim();
const control = (element, group) => ({ group, label: words(element), key: element.dataset.hotkey, run: () => element.click() });

function gather() {
  const acts = [...document.querySelectorAll("main [data-hotkey], .page-head__acts .btn")].filter((e) => e.checkVisibility() && !e.closest("[data-row]:not([aria-current])") && !e.matches("input, .tabs__tab"));
  const rooms = [...document.querySelectorAll(".rail__list a.rail__item")];
  return [...acts.map((e) => control(e, dialog.dataset.here)), ...rooms.map((e) => control(e, dialog.dataset.goto))].filter((o) => o.label);
}

function draw(found) {
  const wanted = input.value.trim().toLowerCase();
  const before = recent().filter((o) => o.url !== location.pathname).map((o) => ({ ...o, group: dialog.dataset.recent, run: () => location.assign(o.url) }));
  options = [...[...gather(), ...before].filter((o) => o.label.toLowerCase().includes(wanted)), ...found];
  chosen = 0;
  list.replaceChildren(...options.flatMap((option, i) => {
    const row = Object.assign(document.createElement("div"), { id: `palette-${i}`, className: "palette__option", role: "option" });
    row.append(option.label);
    if (option.note) row.append(Object.assign(document.createElement("span"), { className: "meta", textContent: option.note }));
    if (option.key) row.append(Object.assign(document.createElement("kbd"), { textContent: option.key }));
    const head = option.group === options[i - 1]?.group ? [] : [Object.assign(document.createElement("div"), { className: "palette__group", role: "presentation", textContent: option.group })];
    return [...head, row];
  }));
  dialog.querySelector(".palette__none").hidden = options.length > 0;
  mark(0);
}

function mark(step) {
  chosen = options.length ? (chosen + step + options.length) % options.length : 0;
  list.querySelectorAll("[role=option]").forEach((row, i) => { row.ariaSelected = String(i === chosen); if (i === chosen) row.scrollIntoView({ block: "nearest" }); });
  input.setAttribute("aria-activedescendant", options.length ? `palette-${chosen}` : "");
}

async function ask() {
  asked?.abort();
  asked = new AbortController();
  const url = `${dialog.dataset.search}?${new URLSearchParams({ q: input.value.trim() })}`;
  const answer = await fetch(url, { headers: { Accept: "application/json" }, signal: asked.signal }).then((r) => (r.ok ? r.json() : { results: [] })).catch(() => null);
  if (answer) draw(answer.results.slice(0, 8).map((o) => ({ ...o, group: dialog.dataset.leads, run: () => location.assign(o.url) })));
}

const run = (option) => { dialog.close(); option?.run(); };
input?.addEventListener("input", () => { clearTimeout(waiting); draw([]); if (dialog.dataset.search && input.value.trim().length > 1) waiting = setTimeout(ask, 150); });
input?.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) { event.preventDefault(); mark(step); }
  if (event.key === "Enter") { event.preventDefault(); run(options[chosen]); }
});
list?.addEventListener("click", ({ target }) => { const row = target.closest("[role=option]"); if (row) run(options[Number(row.id.split("-")[1])]); });
document.addEventListener("keydown", (event) => {
  if (!dialog || event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  if (!document.querySelector("dialog[open]")) dialog.showModal();
});
dialog?.addEventListener("toggle", () => { if (dialog.open) draw([]); }); // comes late: what was typed meanwhile stays
dialog?.addEventListener("close", () => { input.value = ""; });
