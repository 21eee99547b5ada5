// Menus and definitions are <details>: close them on Escape, on a click elsewhere, and when another opens.
const floating = "details.menu[open], details.definition[open]";
const closeAll = (except) => document.querySelectorAll(floating).forEach((menu) => menu.contains(except) || (menu.open = false));
document.addEventListener("click", ({ target }) => closeAll(target));
document.addEventListener("focusin", ({ target }) => closeAll(target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement?.closest(floating);
  if (!menu) return closeAll(null);
  menu.open = false;
  menu.querySelector("summary").focus();
});
