// The polite voice of the page: "say" events, and data-say on what the server swapped in or greeted with.
const place = document.getElementById("say");
const say = (text) => { if (place && text) { place.textContent = ""; setTimeout(() => (place.textContent = text), 50); } };
const found = (root) => [...(root.querySelectorAll?.("[data-say]") ?? []), ...(root.matches?.("[data-say]") ? [root] : [])].map((element) => element.dataset.say).join(" ");
document.addEventListener("say", ({ detail }) => say(detail));
document.addEventListener("htmx:afterSwap", ({ detail }) => say(found(detail.elt)));
document.addEventListener("htmx:oobAfterSwap", ({ detail }) => say(found(detail.elt)));
setTimeout(() => say(found(document.getElementById("toasts") ?? document.createElement("i"))), 300);
// News in the page is counted in the title of the tab as well, with what stood there: (1) My queue, and two came: (3) My queue.
const stood = Number(/^\((\d+)\) /.exec(document.title)?.[1] ?? 0);
document.addEventListener("htmx:oobAfterSwap", ({ detail }) => { const news = detail.elt?.dataset?.news; if (news) document.title = `(${stood + Number(news)}) ${document.title.replace(/^\(\d+\) /, "")}`; });
