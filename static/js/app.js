/* SparkOps page behaviours. No dependencies beside htmx, no inline handlers, no eval.
   Everything works without it except: chart read-out, select-all, shortcuts, search overlay. */
(() => {
  "use strict";
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const on = (type, selector, act) => document.addEventListener(type, (event) => {
    const found = event.target.closest?.(selector);
    if (found) act(event, found);
  });
  const say = (text) => { const live = byId("live"); if (live) live.textContent = text; };
  /* htmx 2 and 4 name their events differently */
  const onHtmx = (two, four, act) => { document.addEventListener(two, act); document.addEventListener(four, act); };

  /* ---- theme: a cookie, so that the server draws the next page right at once ---- */
  on("click", "[data-theme-set]", (_event, button) => {
    const theme = button.dataset.themeSet;
    if (theme) root.dataset.theme = theme; else delete root.dataset.theme;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${theme}; Path=/; SameSite=Lax; Max-Age=${theme ? 31536000 : 0}${secure}`;
    all("[data-theme-set]").forEach((each) => each.setAttribute("aria-pressed", String(each === button)));
  });

  /* ---- tabs: the open one is in sight where they run past the edge ---- */
  const inSight = (tab) => {
    const strip = tab.closest(".views");
    strip.scrollLeft = tab.offsetLeft - (strip.clientWidth - tab.offsetWidth) / 2;
  };

  /* ---- toasts ---- */
  const lifetime = (toast) => (toast.matches(".bad") ? 0 : toast.querySelector("form, a") ? 10000 : 6000);
  const settle = (toast) => {
    const time = lifetime(toast);
    if (!time || toast.dataset.timed) return;
    toast.dataset.timed = "1";
    let timer = setTimeout(() => toast.remove(), time);
    toast.addEventListener("pointerenter", () => clearTimeout(timer));
    toast.addEventListener("focusin", () => clearTimeout(timer));
    toast.addEventListener("pointerleave", () => { timer = setTimeout(() => toast.remove(), 2000); });
  };
  const toast = (text, tone = "ok") => {
    const shape = byId("toast-template"), rack = byId("toasts");
    if (!shape || !rack) return;
    const made = shape.content.firstElementChild.cloneNode(true);
    made.classList.remove("info");
    made.classList.add(tone);
    made.querySelector(".toast-t").textContent = text;
    if (tone === "bad") made.setAttribute("role", "alert");
    rack.append(made);
    settle(made);
  };
  const rack = byId("toasts");
  if (rack) {
    all(".toast", rack).forEach(settle);
    new MutationObserver(() => all(".toast", rack).forEach(settle)).observe(rack, { childList: true });
  }
  on("click", "[data-dismiss]", (_event, button) => button.closest(".toast")?.remove());
  document.addEventListener("sparkops:toast", (event) => toast(event.detail.text, event.detail.tone));

  /* ---- dialogs and menus ---- */
  let opener = null;
  const open = (dialog) => {
    if (!dialog?.showModal || dialog.open) return;
    opener = document.activeElement;
    dialog.showModal();
  };
  const close = (dialog) => { if (dialog?.open) dialog.close(); };
  all("dialog").forEach((dialog) => {
    dialog.addEventListener("close", () => { opener?.isConnected && opener.focus(); opener = null; });
    dialog.addEventListener("click", (event) => { if (event.target === dialog) close(dialog); });
  });
  on("click", "[data-open]", (_event, button) => open(byId(button.dataset.open)));
  on("click", "[data-close]", (_event, button) => close(button.closest("dialog")));
  on("click", "[data-back]", () => history.back());
  on("click", "[data-palette]", (event) => {
    const palette = byId("palette");
    if (palette) { event.preventDefault(); byId("side")?.hidePopover?.(); seek(); }
  });
  /* ---- the palette: a combobox whose list the server sends ---- */
  const seek = () => {
    open(byId("palette"));
    byId("palette-q").select();
    if (!byId("palette-results").childElementCount) byId("palette-q").form.requestSubmit();
  };
  const options = () => all('[role="option"]', byId("palette-results"));
  const point = (option) => {
    options().forEach((each) => each.setAttribute("aria-selected", String(each === option)));
    const field = byId("palette-q");
    field.setAttribute("aria-expanded", String(Boolean(option)));
    if (!option) { field.removeAttribute("aria-activedescendant"); return; }
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const onPalette = (event) => {
    const list = options(), at = list.findIndex((each) => each.getAttribute("aria-selected") === "true");
    if (event.key === "Enter") { list[at]?.click(); return at >= 0; }
    const to = { ArrowDown: (at + 1) % list.length, ArrowUp: (at - 1 + list.length) % list.length }[event.key];
    if (to === undefined || !list.length) return false;
    point(list[to]);
    return true;
  };
  document.addEventListener("sparkops:close-dialog", () => close(byId("dialog")));
  document.addEventListener("click", (event) => {
    all("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  on("input", "[data-narrow]", (_event, input) => {
    const word = input.value.trim().toLowerCase();
    all(input.dataset.narrow).forEach((each) => { each.hidden = !each.textContent.toLowerCase().includes(word); });
  });
  on("click", "[data-fold]", (_event, button) => {
    button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") === "false"));
  });
  on("click", "[data-print]", () => window.print());

  /* ---- lists whose order a person sets ---- */
  on("click", "[data-move]", (_event, button) => {
    const item = button.closest("li"), up = button.dataset.move === "up";
    const other = up ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return;
    if (up) other.before(item); else other.after(item);
    button.focus();
    say(`${item.dataset.name}, ${[...item.parentElement.children].indexOf(item) + 1} of ${item.parentElement.childElementCount}`);
  });

  /* ---- copy ---- */
  on("click", "[data-copy]", async (_event, button) => {
    try { await navigator.clipboard.writeText(button.dataset.copy); } catch { toast("The browser did not allow copying.", "bad"); return; }
    say("Copied");
    button.classList.add("done");
    setTimeout(() => button.classList.remove("done"), 1600);
  });

  /* ---- choosing rows ---- */
  const boxes = (table) => all("tbody .sel-c .cb", table);
  const count = (table) => {
    const list = boxes(table), chosen = list.filter((box) => box.checked).length;
    const head = table.querySelector("thead .cb");
    if (head) { head.checked = chosen > 0 && chosen === list.length; head.indeterminate = chosen > 0 && chosen < list.length; }
    list.forEach((box) => box.closest("tr").setAttribute("aria-selected", String(box.checked)));
    const bar = document.querySelector(`[data-bulk="${CSS.escape(table.id)}"]`);
    if (bar) { bar.hidden = chosen === 0; const n = bar.querySelector("[data-n]"); if (n) n.textContent = chosen; }
  };
  const choose = (table, state) => { boxes(table).forEach((box) => { box.checked = state; }); count(table); };
  document.addEventListener("change", (event) => {
    const table = event.target.closest?.("table[data-select]");
    if (!table || !event.target.matches(".cb")) return;
    if (event.target.closest("thead")) choose(table, event.target.checked); else count(table);
  });
  on("click", "[data-clear-selection]", (_event, button) => {
    const table = byId(button.dataset.clearSelection);
    if (table) choose(table, false);
  });

  /* ---- tables that fit let their head stick to the window; the others scroll sideways ---- */
  const fit = new ResizeObserver((entries) => entries.forEach(({ target }) => {
    const wide = target.scrollWidth > target.clientWidth + 1;
    target.classList.toggle("fits", !wide);
    target.classList.toggle("over", wide);
    if (wide && !target.hasAttribute("tabindex")) {
      target.tabIndex = 0;
      target.setAttribute("role", "region");
      target.setAttribute("aria-label", target.querySelector("caption")?.textContent ?? "Table");
    }
  }));

  /* ---- charts: the server draws the SVG; this adds a reading line, by pointer or arrow keys ---- */
  const money = (value, currency) => value.toLocaleString("en-US", currency
    ? { style: "currency", currency } : { maximumFractionDigits: 2 }).replace("-", "\u2212");
  const chart = (figure) => {
    const source = byId(figure.dataset.chart), plot = figure.querySelector(".plot"), svg = plot?.querySelector("svg");
    if (!source || !svg) return;
    const data = JSON.parse(source.textContent), points = data.x.length, box = svg.viewBox.baseVal;
    const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
    line.setAttribute("class", "cross");
    line.setAttribute("y1", 0);
    line.setAttribute("y2", box.height);
    line.setAttribute("visibility", "hidden");
    svg.append(line);
    const tip = Object.assign(document.createElement("div"), { className: "tip", hidden: true });
    tip.setAttribute("role", "status");
    plot.append(tip);
    let at = points - 1;
    const show = (index) => {
      at = Math.max(0, Math.min(points - 1, index));
      const share = points > 1 ? at / (points - 1) : 0;
      line.setAttribute("x1", share * box.width);
      line.setAttribute("x2", share * box.width);
      line.setAttribute("visibility", "visible");
      const title = document.createElement("b"), list = document.createElement("dl");
      title.textContent = data.x[at] + (data.est && at >= data.est ? " · estimated" : "");
      for (const series of data.series) {
        if (series.values[at] === undefined) continue; /* this line ends before here */
        const term = document.createElement("dt"), value = document.createElement("dd"), mark = document.createElement("i");
        mark.className = series.key;
        term.append(mark, series.label);
        value.textContent = money(series.values[at], series.currency ?? data.currency);
        list.append(term, value);
      }
      tip.replaceChildren(title, list);
      tip.hidden = false;
      const x = share * plot.clientWidth, flip = x > plot.clientWidth - tip.offsetWidth - 24;
      tip.style.left = `${flip ? Math.max(0, x - tip.offsetWidth - 12) : x + 12}px`;
    };
    const hide = () => { tip.hidden = true; line.setAttribute("visibility", "hidden"); };
    plot.addEventListener("pointermove", (event) => {
      const area = plot.getBoundingClientRect();
      show(Math.round(((event.clientX - area.left) / area.width) * (points - 1)));
    });
    plot.addEventListener("pointerleave", hide);
    plot.addEventListener("blur", hide);
    plot.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -7, PageDown: 7 }[event.key];
      if (step) { event.preventDefault(); show(at + step); }
      if (event.key === "Escape") hide();
    });
  };

  /* ---- everything above, for the page and for each piece that arrives later ---- */
  const prepare = (within) => {
    all(".views [aria-current]", within).forEach(inSight);
    all("table[data-select]", within).forEach(count);
    all("[data-fit]", within).forEach((each) => fit.observe(each));
    all("[data-chart]:not([data-drawn])", within).forEach((each) => { each.dataset.drawn = "1"; chart(each); });
  };

  /* ---- htmx ---- */
  onHtmx("htmx:configRequest", "htmx:config:request", (event) => {
    const token = document.querySelector('meta[name="csrf"]')?.content;
    const headers = event.detail.headers ?? event.detail.ctx?.request?.headers;
    if (token && headers) headers["X-CSRFToken"] = token;
    /* an empty filter is no filter: it stays out of the address */
    const values = event.detail.formData ?? event.detail.ctx?.request?.body;
    if (event.target.matches?.(".filters") && values?.entries) {
      for (const [name, value] of [...values.entries()]) if (value === "") values.delete(name);
    }
  });
  let running = 0, barTimer;
  const busy = (event, state) => {
    const source = event.detail.elt ?? event.target;
    const button = source.matches?.("button, .btn") ? source : event.detail.requestConfig?.triggeringEvent?.submitter;
    button?.[state ? "setAttribute" : "removeAttribute"]("aria-busy", "true");
    running = Math.max(0, running + (state ? 1 : -1));
    clearTimeout(barTimer);
    const bar = byId("loadbar");
    if (!bar) return;
    if (running) barTimer = setTimeout(() => { bar.hidden = false; }, 200); else bar.hidden = true;
  };
  onHtmx("htmx:beforeRequest", "htmx:before:request", (event) => busy(event, true));
  onHtmx("htmx:afterRequest", "htmx:after:request", (event) => busy(event, false));
  /* what scrolls by itself stays where it was read when it is drawn anew */
  const read = new Map();
  document.addEventListener("scroll", ({ target }) => { if (target.dataset?.scroll) read.set(target.dataset.scroll, target.scrollTop); }, { capture: true, passive: true });
  onHtmx("htmx:afterSwap", "htmx:after:swap", (event) => {
    const target = event.detail.target ?? event.target;
    all("[data-scroll]", target).forEach((each) => { each.scrollTop = read.get(each.dataset.scroll) ?? 0; });
    prepare(document);
    if (target.dataset?.panel !== undefined) target.removeAttribute("aria-busy");
    if (target.id === "palette-results") { point(options()[0]); say(target.querySelector("[data-count]")?.dataset.count ?? ""); }
    if (target.id === "dialog-body" && target.childElementCount) open(byId("dialog"));
  });
  const failed = (event) => {
    const source = event.detail.elt ?? event.target;
    if (source.matches?.('input[role="switch"]')) source.checked = !source.checked;
    const status = event.detail.xhr?.status ?? 0;
    toast(
      status === 403 ? "Your role does not allow this. Nothing was changed."
        : status === 404 ? "This is no longer there. Load the page again."
          : status === 409 ? "Someone else changed this meanwhile. Load the page again."
            : status ? "Something broke on our side. Nothing was changed. Try again in a minute."
              : "No connection. Nothing was changed. Try again when you are online.",
      "bad",
    );
  };
  onHtmx("htmx:responseError", "htmx:response:error", failed);
  onHtmx("htmx:sendError", "htmx:error", failed);
  /* polling rests while nobody looks */
  onHtmx("htmx:beforeTrigger", "htmx:before:trigger", (event) => {
    if (document.hidden && event.target.matches?.('[hx-trigger^="every"]')) event.preventDefault();
  });

  /* ---- keyboard: single keys are off while typing and when the person turned them off ---- */
  const KEYS = "sparkops-keys";
  const keysOff = () => { try { return localStorage.getItem(KEYS) === "off"; } catch { return false; } };
  on("change", "[data-keys-switch]", (_event, box) => {
    try { localStorage.setItem(KEYS, box.checked ? "on" : "off"); } catch { /* private mode: this page only */ }
  });
  all("[data-keys-switch]").forEach((box) => { box.checked = !keysOff(); });
  const rows = () => all("table[data-rows] tbody tr");
  const current = () => document.querySelector("tr.here");
  const step = (by) => {
    const list = rows();
    if (!list.length) return false;
    const next = list[Math.max(0, Math.min(list.length - 1, list.indexOf(current()) + by))] ?? list[0];
    current()?.classList.remove("here");
    next.classList.add("here");
    (next.querySelector("a, input, button") ?? next).focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    return true;
  };
  const act = {
    j: () => step(1),
    k: () => step(-1),
    x: () => { const box = current()?.querySelector(".sel-c .cb"); box?.click(); return Boolean(box); },
    Enter: () => {
      const held = document.activeElement, box = held?.matches(".sel-c .cb");
      if (!box && held?.closest("a, button, summary, input")) return false;
      const here = held?.closest("tr[data-href]") ?? current();
      const href = here?.dataset.href ?? here?.querySelector("a")?.href;
      if (href) location.assign(href);
      /* in a box of a row the browser would send the form of the chosen rows */
      return Boolean(href) || box;
    },
    b: () => { const button = document.querySelector("[data-bulk]:not([hidden]) .btn"); button?.focus(); return Boolean(button); },
    Escape: () => {
      const bar = document.querySelector("[data-bulk]:not([hidden])"), table = bar && byId(bar.dataset.bulk);
      if (!table) return false;
      const held = bar.contains(document.activeElement);
      choose(table, false);
      if (held) table.querySelector(".cb")?.focus();
      return true;
    },
    "/": () => { const field = document.querySelector("[data-search]"); if (field) field.focus(); else if (byId("palette")) seek(); return Boolean(field ?? byId("palette")); },
    "?": () => { open(byId("keys")); return true; },
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "k" && (event.metaKey || event.ctrlKey) && byId("palette")) { event.preventDefault(); seek(); return; }
    const menus = event.key === "Escape" ? all("details.menu[open]") : [];
    if (menus.length) { menus.forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); }); return; }
    if (event.target.id === "palette-q") { if (onPalette(event)) event.preventDefault(); return; }
    if (event.metaKey || event.ctrlKey || event.altKey || event.target.closest?.("input:not([type=checkbox]), textarea, select, dialog, [contenteditable]") || keysOff()) return;
    const link = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (link) { event.preventDefault(); link.click(); } else if (act[event.key]?.()) event.preventDefault();
  });

  prepare(document);
})();
