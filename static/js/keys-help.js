// The list behind "?": made from what is on the page, so it cannot lie.
const dialog = document.getElementById("keys"), place = dialog?.querySelector(".keys");
const words = (element) => element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? [...element.childNodes].filter((n) => !n.matches?.("kbd, .rail__count, .tabs__count, svg")).map((n) => n.textContent).join(" ").trim();

dialog?.addEventListener("toggle", () => {
  if (!dialog.open) return;
  const off = document.documentElement.dataset.keys === "off", keys = new Map();
  if (!off) {
    if (document.querySelector("[data-row]")) keys.set("j k", place.dataset.list).set("Enter", place.dataset.open);
    if (document.querySelector("[data-row] .check-cell")) keys.set("x", place.dataset.select);
    for (const element of document.querySelectorAll("[data-hotkey]")) if (element.checkVisibility() && !keys.has(element.dataset.hotkey)) keys.set(element.dataset.hotkey, words(element));
  }
  keys.set("Ctrl K", place.dataset.palette).set("Esc", place.dataset.escape);
  place.replaceChildren(...[...keys].map(([key, label]) => {
    const line = document.createElement("div");
    line.append(label, Object.assign(document.createElement("kbd"), { textContent: key }));
    return line;
  }));
  const note = dialog.querySelector("[data-off]");
  note.textContent = off ? note.dataset.off : "";
});
