// command="show-modal" commandfor="id" for browsers that do not know it yet, and data-opens="id" on links that also work without.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens], [commandfor]");
  if (!opener || event.ctrlKey || event.metaKey) return;
  const native = "command" in HTMLButtonElement.prototype && opener.hasAttribute("commandfor");
  const dialog = document.getElementById(opener.dataset.opens ?? opener.getAttribute("commandfor"));
  if (native || !dialog) return;
  event.preventDefault();
  opener.getAttribute("command") === "close" ? dialog.close() : dialog.open || dialog.showModal();
});
// A click on the veil closes; a dialog with typed text stays.
document.addEventListener("click", ({ target }) => {
  if (target.matches?.("dialog[open]") && ![...target.querySelectorAll("textarea, input[type=text]")].some((field) => field.value)) target.close();
});
