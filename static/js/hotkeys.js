// data-hotkey="a" or "g q" on a visible control. No key without a control; silent in fields, dialogs and with modifiers.
let first = "", forget;
const busy = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog") || document.querySelector("dialog[open]");

function control(keys) {
  const found = [...document.querySelectorAll(`[data-hotkey="${CSS.escape(keys)}"]`)].filter((element) => element.checkVisibility());
  // an open panel comes first, then the current row, then what belongs to no row
  return found.find((element) => element.closest("[data-keys-first]")) ?? found.find((element) => element.closest('[aria-current="true"]')) ?? found.find((element) => !element.closest("[data-row]"));
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.key.length > 1) return;
  if (document.documentElement.dataset.keys === "off" || busy(event.target)) return;
  const target = control(first ? `${first} ${event.key}` : event.key);
  clearTimeout(forget);
  first = !first && event.key === "g" ? "g" : "";
  forget = setTimeout(() => (first = ""), 1200);
  if (!target) return;
  event.preventDefault();
  target.matches("input:not([type=radio], [type=checkbox]), select, textarea, [href^='tel:']") ? target.focus() : target.click();
});
