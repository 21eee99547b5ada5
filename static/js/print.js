// data-print on a button: the browser's own print dialog.
document.addEventListener("click", ({ target }) => { if (target.closest?.("[data-print]")) print(); });
