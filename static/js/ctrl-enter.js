// Ctrl Enter presses the button of the form that says so, or of the page when no form has the focus.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || document.querySelector("dialog[open]")) return;
  const button = (event.target.closest?.("form") ?? document).querySelector("[data-ctrl-enter]") ?? document.querySelector("[data-ctrl-enter]");
  if (!button) return;
  event.preventDefault();
  button.click();
});
