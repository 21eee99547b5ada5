// A toast stays until it is dismissed or the next one comes. No timer: it may hold the only undo.
const toasts = document.getElementById("toasts");
document.addEventListener("click", ({ target }) => {
  if (!target.closest?.("[data-dismiss]")) return;
  target.closest(".toast, .banner").remove();
  (document.querySelector('[data-row][aria-current="true"]') ?? document.getElementById("main"))?.focus();
});
document.addEventListener("htmx:oobAfterSwap", () => { while (toasts?.children.length > 1) toasts.firstElementChild.remove(); });
