/* Cells of lists that are edited in place: move by arrows, E or Enter edits, Escape leaves,
   Tab writes and goes on, Ctrl Z takes the last one back; a block from a spreadsheet is shown as a difference first. */
(() => {
  "use strict";
  const all = (selector, within) => [...within.querySelectorAll(selector)];
  const tableOf = (node) => node?.closest?.("table[data-cells]");
  const cellOf = (node) => node?.closest?.("table[data-cells] td[data-field]");
  const token = () => document.querySelector('meta[name="csrf"]')?.content ?? "";
  const send = (url, body) => fetch(url, body
    ? { method: "POST", body, headers: { "X-CSRFToken": token() }, credentials: "same-origin" }
    : { credentials: "same-origin" });
  const complain = (text) => document.dispatchEvent(new CustomEvent("sparkops:toast", { detail: { text, tone: "bad" } }));
  const reasons = { 403: "Your role does not allow this. Nothing was changed.", 404: "This is no longer there. Load the page again." };
  const refuse = (answer) => complain(reasons[answer?.status] ?? (answer ? "Something broke on our side. Nothing was changed." : "No connection. Nothing was changed."));
  const rowId = (row) => row.id.slice(row.closest("table").id.length + 1);
  const urlOf = (cell) => `${tableOf(cell).dataset.cells}${rowId(cell.closest("tr"))}/${cell.dataset.field}/`;
  const before = new WeakMap(), starts = new WeakMap();
  const say = (text) => { const live = document.getElementById("live"); if (live) live.textContent = text; };
  /* the last cell that was written, so that it can be taken back */
  let last = null;

  const rove = (cell) => {
    all("td[data-field]", tableOf(cell)).forEach((each) => { each.tabIndex = each === cell ? 0 : -1; });
    cell.focus({ preventScroll: true });
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const neighbour = (cell, key) => {
    const row = cell.closest("tr");
    if (key === "ArrowLeft" || key === "ArrowRight") {
      const line = all("td[data-field]", row);
      return line[line.indexOf(cell) + (key === "ArrowRight" ? 1 : -1)];
    }
    const other = key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
    return other?.querySelector(`td[data-field="${CSS.escape(cell.dataset.field)}"]`);
  };
  const following = (cell, back) => {
    const cells = all("td[data-field]", tableOf(cell));
    return cells[cells.indexOf(cell) + (back ? -1 : 1)];
  };
  const open = (cell, html) => {
    if (!before.has(cell)) before.set(cell, cell.innerHTML);
    cell.innerHTML = html;
    cell.classList.add("editing");
    const control = cell.querySelector("textarea, select, input:not([type=hidden]), .pri");
    if (!starts.has(cell)) starts.set(cell, control?.value ?? "");
    control?.focus();
    control?.select?.();
  };
  const close = (cell, html) => {
    cell.innerHTML = html ?? before.get(cell) ?? "";
    before.delete(cell);
    starts.delete(cell);
    cell.classList.remove("editing");
  };
  const edit = async (cell) => {
    if (cell.classList.contains("editing")) return;
    const answer = await send(urlOf(cell)).catch(() => null);
    if (answer?.ok) open(cell, await answer.text()); else refuse(answer);
  };
  const write = async (cell, next) => {
    const editor = cell.querySelector(".cell-edit");
    if (!editor || editor.dataset.sent) return;
    editor.dataset.sent = "1";
    const body = new FormData();
    all("[name]", editor).forEach((each) => body.append(each.name, each.value));
    const url = editor.dataset.action, was = starts.get(cell), answer = await send(url, body).catch(() => null);
    if (answer?.ok) {
      last = { cell, url, was, seen: answer.headers.get("X-Seen") };
      close(cell, await answer.text());
      cell.classList.add("saved");
      say("Saved. Ctrl Z takes it back.");
      rove(next ?? cell);
    } else if (answer && (answer.status === 409 || answer.status === 422)) open(cell, await answer.text());
    else { delete editor.dataset.sent; refuse(answer); }
  };
  /* what the cell held before, unless somebody wrote in it since: then both values are shown */
  const undo = async ({ cell, url, was, seen }) => {
    const body = new FormData();
    body.append("seen", seen);
    body.append("value", was);
    const answer = await send(url, body).catch(() => null);
    if (answer?.ok) { close(cell, await answer.text()); say("Taken back."); rove(cell); }
    else if (answer && (answer.status === 409 || answer.status === 422)) open(cell, await answer.text());
    else refuse(answer);
  };

  document.addEventListener("dblclick", (event) => { const cell = cellOf(event.target); if (cell) edit(cell); });
  document.addEventListener("click", (event) => {
    const mine = event.target.closest?.("[data-write]");
    if (mine) { write(cellOf(mine)); return; }
    const keep = event.target.closest?.("[data-keep]"), cell = cellOf(keep);
    if (event.target.closest?.("[data-reload]")) { event.preventDefault(); location.reload(); }
    if (!cell) return;
    close(cell, "");
    cell.textContent = keep.dataset.keep || "—";
    rove(cell);
  });
  const typing = (event, cell) => {
    if (event.key === "Escape") { event.preventDefault(); close(cell); rove(cell); }
    else if (event.key === "Enter" && !event.shiftKey && event.target.matches("input, select, textarea")) { event.preventDefault(); write(cell); }
    else if (event.key === "Tab" && event.target.matches("input, select, textarea")) {
      const next = following(cell, event.shiftKey);
      if (next) { event.preventDefault(); write(cell, next); }
    }
    event.stopPropagation();
  };
  /* before the keys of the page: Enter on a cell edits it and does not open its row */
  document.addEventListener("keydown", (event) => {
    const cell = cellOf(event.target);
    if (cell?.classList.contains("editing")) { typing(event, cell); return; }
    if ((event.metaKey || event.ctrlKey) && event.key === "z" && last?.cell.isConnected && !event.target.matches("input:not([type=checkbox]), textarea, select")) {
      event.preventDefault();
      undo(last);
      last = null;
    }
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    if (cell && event.target === cell) {
      const next = event.key.startsWith("Arrow") ? neighbour(cell, event.key) : null;
      if (next) rove(next);
      else if (event.key === "Enter" || event.key === "e" || event.key === "F2") edit(cell);
      else return;
    } else {
      const row = tableOf(event.target) && !event.target.matches("input:not([type=checkbox]), textarea, select") ? event.target.closest("tbody tr") : null;
      const first = row?.querySelector("td[data-field]");
      if (!first || (event.key !== "e" && event.key !== "ArrowRight")) return;
      rove(first);
      if (event.key === "e") edit(first);
    }
    event.preventDefault();
    event.stopPropagation();
  }, true);

  document.addEventListener("paste", async (event) => {
    const cell = cellOf(event.target);
    if (!cell || cell.classList.contains("editing")) return;
    const block = event.clipboardData?.getData("text/plain") ?? "";
    if (!block) return;
    event.preventDefault();
    const rows = all("tbody tr", tableOf(cell)), row = cell.closest("tr"), body = new FormData();
    rows.slice(rows.indexOf(row)).forEach((each) => body.append("id", rowId(each)));
    const cells = [...row.children];
    cells.slice(cells.indexOf(cell)).forEach((each) => body.append("field", each.dataset.field ?? ""));
    body.append("block", block);
    const answer = await send(`${tableOf(cell).dataset.cells}paste/`, body).catch(() => null);
    if (!answer || !(answer.ok || answer.status === 422)) { refuse(answer); return; }
    const place = document.getElementById("dialog-body"), dialog = document.getElementById("dialog");
    place.innerHTML = await answer.text();
    globalThis.htmx?.process(place);
    if (!dialog.open) dialog.showModal();
  });

  /* one cell of a list is reached by Tab, the others by arrows */
  const prepare = () => all("table[data-cells]", document).forEach((table) => {
    const cells = all("td[data-field]", table);
    if (cells.length && !cells.some((each) => each.tabIndex === 0)) cells[0].tabIndex = 0;
  });
  document.addEventListener("htmx:afterSwap", prepare);
  document.addEventListener("htmx:after:swap", prepare);
  prepare();
})();
