// <due-in due now segments warn day>: a countdown in working time. Seconds since 1970, all from the server: the laptop's
// clock and zone do not count. The words come from the server as well (#clock-words, smarketing.words).
const words = JSON.parse(document.getElementById("clock-words")?.textContent ?? "null");
const { lang, dataset } = document.documentElement;
const zone = dataset.tz, locale = lang.startsWith("nl") ? "nl" : "en-GB";
const inZone = (style) => new Intl.DateTimeFormat(locale, { timeZone: zone, hourCycle: "h23", ...style });
const hm = { hour: "2-digit", minute: "2-digit" };
const time = inZone(hm), day = inZone({ weekday: "short" }), date = inZone({ weekday: "short", day: "numeric", month: "short" });
const longDate = inZone({ weekday: "long", day: "numeric", month: "long" }), key = new Intl.DateTimeFormat("sv", { timeZone: zone });

const daysApart = (a, b) => Math.abs(Date.parse(key.format(a * 1e3)) - Date.parse(key.format(b * 1e3))) / 864e5;
const fill = (text, values) => text.replace(/%\((\w+)\)s|%s/g, (_, name) => (name ? values[name] : values));
const clean = (text) => text.replace(",", "");

class DueIn extends HTMLElement {
  static observedAttributes = ["due", "now", "segments", "hours"]; // a morph keeps the element and changes these
  static running = new Set();

  connectedCallback() { this.read(); }
  attributeChangedCallback() { if (this.isConnected) this.read(); }
  disconnectedCallback() { DueIn.running.delete(this); }

  read() {
    if (!words || !this.hasAttribute("due")) return DueIn.running.delete(this);
    const number = (name) => Number(this.getAttribute(name));
    Object.assign(this, { due: number("due"), warn: number("warn"), working: number("day") || 28800 });
    this.skew = number("now") - Date.now() / 1e3;
    this.open = JSON.parse(this.getAttribute("segments") || document.getElementById(`hours-${this.getAttribute("hours")}`)?.textContent || "[]"); // a long list keeps its hours once
    DueIn.running.add(this);
    this.tick(number("now")); // first what the server said, to the second
  }

  between(from, to) { return this.open.reduce((sum, [o, c]) => sum + Math.max(0, Math.min(to, c) - Math.max(from, o)), 0); }

  parts(seconds) { // days, hours, minutes; at most two, none of them zero
    const minutes = Math.floor(seconds / 60), perDay = this.working / 60, days = Math.floor(minutes / perDay), rest = minutes % perDay;
    return [["d", "day", days], ["h", "hour", Math.floor(rest / 60)], ["m", "minute", days ? 0 : rest % 60]].filter(([, , n]) => n);
  }

  tick(now = Date.now() / 1e3 + this.skew) {
    const late = now > this.due, next = this.open.find(([o]) => o > now);
    const paused = !late && !this.open.some(([o, c]) => o <= now && now < c);
    const left = Math.round(late ? this.between(this.due, now) : this.between(now, this.due));
    const state = late ? "late" : paused ? "paused" : left <= this.warn ? "soon" : "calm";
    const parts = this.parts(left), when = paused && next ? next[0] : this.due, away = daysApart(now, when);
    const span = parts.map(([unit, , n]) => `${n}\u00a0${words[unit]}`).join("\u00a0") || `<\u00a01\u00a0${words.m}`;
    const said = parts.map(([, name, n]) => fill(words[name][n === 1 ? 0 : 1], { n })).join(" ") || words.less;
    const clock = time.format(when * 1e3), moment = away ? `${clean((away < 7 ? day : date).format(when * 1e3))} ${clock}` : clock;
    const at = fill(words.at, clock), spoken = away ? `${clean(longDate.format(when * 1e3))} ${at}` : at;
    const form = paused && next ? "Paused" : late ? "Late" : "Left";
    this.show(state, fill(late ? words.late : words.left, span), form === "Paused" ? fill(words.paused, moment) : moment, fill(words[`said${form}`], { span: said, moment: spoken }));
  }

  show(state, text, due, label) { // touch the page only on a change
    if (this.shown === (this.shown = state + text + due)) return;
    const before = this.dataset.state, chip = this.querySelector(".chip");
    this.dataset.state = chip.dataset.state = state;
    chip.querySelector("use").setAttribute("href", `#state-${state}`);
    chip.querySelector(".clock-chip__words").textContent = text;
    const under = this.querySelector(".clock-chip__due");
    if (under) under.textContent = due;
    this.setAttribute("aria-label", label);
    if (before !== state && ["soon", "late"].includes(state) && this.dataset.mine)
      document.dispatchEvent(new CustomEvent("say", { detail: fill(state === "late" ? words.isLate : words.soon, this.dataset.mine) }));
  }
}

customElements.define("due-in", DueIn);
setInterval(() => document.hidden || DueIn.running.forEach((clock) => clock.tick()), 15000);
document.addEventListener("visibilitychange", () => document.hidden || DueIn.running.forEach((clock) => clock.tick()));
