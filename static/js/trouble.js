// Server trouble, no network, no session: say so near the corner, keep what was typed, change nothing. Hidden pages do not poll.
const toasts = document.getElementById("toasts");
function show(words, name) {
  document.querySelector(`[data-trouble="${name}"]`)?.remove();
  const toast = Object.assign(document.createElement("div"), { className: "toast" });
  toast.dataset.state = "late";
  toast.dataset.trouble = name;
  toast.innerHTML = '<svg width="14" height="14" aria-hidden="true"><use href="#state-late"/></svg><span class="toast__text"></span><button type="button" class="btn btn--quiet btn--small" data-dismiss>×</button>';
  toast.querySelector("span").textContent = words;
  toast.querySelector("button").ariaLabel = toasts.dataset.dismissLabel;
  toasts.append(toast);
}
document.addEventListener("htmx:responseError", ({ detail }) => { if (![409, 422].includes(detail.xhr.status)) show(toasts.dataset.failed, "failed"); });
document.addEventListener("htmx:sendError", () => show(toasts.dataset[navigator.onLine ? "failed" : "offline"], "failed"));
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!new URL(event.detail.xhr.responseURL || location.href).pathname.includes("/accounts/login/")) return;
  event.detail.shouldSwap = false;
  show(toasts.dataset.signedOut, "session");
});
document.addEventListener("htmx:beforeRequest", (event) => { if (document.hidden && event.detail.elt.matches("[data-poll]")) event.preventDefault(); });
window.addEventListener("offline", () => show(toasts.dataset.offline, "offline"));
window.addEventListener("online", () => document.querySelector('[data-trouble="offline"]')?.remove());
