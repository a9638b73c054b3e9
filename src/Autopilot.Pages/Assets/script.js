"use strict";
// Keeps a page current: asks for its changing part, puts what differs into its place, and counts times. All words come from the server.
(() => {
  const every = 5000;
  const view = document.getElementById("view");
  const notice = (id, shown) => (document.getElementById(id).hidden = !shown);
  let tag = view.dataset.tag;
  let timer = 0;
  let asking = null;
  let pressed = false;
  let waiting = null;

  // The server's clock: what it said last, and how fast it runs.
  let clock = { at: Number(view.dataset.now), here: performance.now(), rate: 1 };
  const now = () => clock.at + (performance.now() - clock.here) * clock.rate;
  const hear = (time) => {
    const at = Number(time);
    if (!at) return;
    const here = performance.now();
    const rate = here - clock.here > 1000 ? (at - clock.at) / (here - clock.here) : clock.rate;
    clock = { at, here, rate: Math.abs(rate - 1) < 0.3 || rate < 0 ? 1 : rate };
  };

  // As the server writes lengths of time; a test compares the two.
  const span = (seconds) => {
    const s = Math.max(0, Math.floor(seconds));
    const two = (large, unit, small, other) => (small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${other}`);
    const [days, hours, minutes] = [Math.floor(s / 86400), Math.floor(s / 3600) % 24, Math.floor(s / 60) % 60];
    if (s < 60) return `${s} s`;
    if (s < 3600) return two(minutes, "min", s % 60, "s");
    if (days < 1) return two(hours, "h", minutes, "min");
    if (days < 3) return two(days, days === 1 ? "day" : "days", hours, "h");
    return `${days} days`;
  };
  const count = () => {
    for (const element of view.querySelectorAll("[data-since]")) {
      const text = span((now() - Date.parse(element.dataset.since)) / 1000);
      if (element.textContent !== text) element.textContent = text;
    }
  };

  const same = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && key(a) === key(b);
  const key = (node) => (node.dataset ? node.dataset.key || node.id || "" : "");
  const attributes = (from, to) => {
    for (const { name } of [...from.attributes]) {
      if (!to.hasAttribute(name) && name !== "open") from.removeAttribute(name);
    }
    for (const { name, value } of [...to.attributes]) {
      if (from.getAttribute(name) !== value && !(name === "src" && from.dataset.picture)) from.setAttribute(name, value);
    }
  };
  // A finger leaves no pointer behind; a mouse does.
  let mouse = false;
  const used = (list) => (mouse && list.matches(":hover")) || list.contains(document.activeElement);
  let held = false;

  // Makes one node like another, and leaves alone what is alike: scroll position, focus and selection stay.
  const morph = (from, to, free) => {
    if (from.nodeType !== 1) {
      if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
      return;
    }
    if (from.isEqualNode(to)) return;
    const version = from.dataset.version;
    attributes(from, to);
    if (from.dataset.picture && version !== from.dataset.version) picture(from);
    if (from.hasAttribute("data-list") && !free && used(from)) {
      const fresh = new Map([...to.children].map((row) => [key(row), row]));
      const keys = [...from.children].map(key);
      for (const row of [...from.children]) {
        if (fresh.has(key(row))) morph(row, fresh.get(key(row)), free);
      }
      held ||= keys.join() !== [...to.children].map(key).join();
      return;
    }
    let place = from.firstChild;
    for (const wanted of [...to.childNodes]) {
      let found = place;
      if (key(wanted)) {
        while (found && !same(found, wanted)) found = found.nextSibling;
      } else if (found && !same(found, wanted)) {
        found = null;
      }
      if (found) {
        if (found !== place) from.insertBefore(found, place);
        else place = place.nextSibling;
        morph(found, wanted, free);
      } else {
        from.insertBefore(document.importNode(wanted, true), place);
      }
    }
    while (place) {
      const next = place.nextSibling;
      place.remove();
      place = next;
    }
  };

  const picture = async (image) => {
    try {
      const response = await fetch(image.dataset.picture, { cache: "no-store" });
      if (!response.ok) return;
      const address = URL.createObjectURL(await response.blob());
      image.addEventListener("load", () => URL.revokeObjectURL(address), { once: true });
      image.src = address;
    } catch {
      // The next change tries again.
    }
  };

  const show = (html, free = false) => {
    if (pressed && !free) {
      waiting = html;
      return;
    }
    const next = document.createElement("main");
    next.append(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
    for (const { name, value } of view.attributes) next.setAttribute(name, value);
    held = false;
    morph(view, next, free);
    waiting = held ? html : null;
    notice("held", held);
    const titled = view.querySelector("[data-title]");
    if (titled) document.title = titled.dataset.title;
    count();
  };
  const release = (free) => {
    if (waiting !== null) show(waiting, free);
  };

  const ask = async () => {
    clearTimeout(timer);
    asking?.abort();
    const mine = (asking = new AbortController());
    const patience = setTimeout(() => mine.abort("late"), 15000);
    try {
      const response = await fetch(view.dataset.source, {
        headers: { Accept: "text/html", "If-None-Match": tag },
        cache: "no-store",
        signal: mine.signal,
      });
      const html = response.status === 304 ? null : await response.text();
      hear(response.headers.get("Autopilot-Time"));
      notice("lost", false);
      if (response.status === 401) {
        location.reload();
        return;
      }
      if (response.ok && html !== null) {
        tag = response.headers.get("ETag");
        show(html);
      } else if (html !== null) {
        const failed = new DOMParser().parseFromString(html, "text/html");
        document.getElementById("failure").textContent = failed.querySelector(".detail")?.textContent ?? "";
      }
      notice("failing", !response.ok && response.status !== 304 && !view.querySelector("[data-problem]"));
    } catch (error) {
      if (mine !== asking || (mine.signal.aborted && mine.signal.reason !== "late")) return;
      notice("lost", true);
    } finally {
      clearTimeout(patience);
      if (mine === asking && document.visibilityState === "visible") timer = setTimeout(ask, every);
    }
  };

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
      if (view.dataset.source) ask();
    } else {
      clearTimeout(timer);
      asking?.abort();
    }
  });
  document.addEventListener("pointermove", (event) => (mouse = event.pointerType === "mouse"));
  document.addEventListener("pointerdown", () => (pressed = true));
  for (const end of ["pointerup", "pointercancel", "blur"]) {
    addEventListener(end, () => {
      pressed = false;
      // After the click that a person has begun.
      setTimeout(() => release(false));
    });
  }
  document.addEventListener("pointerout", () => setTimeout(() => release(false)));
  document.addEventListener("focusout", () => setTimeout(() => release(false)));
  document.getElementById("release").addEventListener("click", () => release(true));
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[data-copy]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !navigator.clipboard) return;
    event.preventDefault();
    try {
      const response = await fetch(link.getAttribute("href"));
      if (!response.ok) throw new Error();
      await navigator.clipboard.writeText(await response.text());
      document.getElementById("said").textContent = link.dataset.copy;
      notice("said", true);
      setTimeout(() => notice("said", false), 4000);
    } catch {
      location.href = link.href;
    }
  });

  globalThis.autopilot = { span };
  count();
  setInterval(() => document.visibilityState === "visible" && count(), 1000);
  if (view.dataset.source && document.visibilityState === "visible") timer = setTimeout(ask, every);
})();
