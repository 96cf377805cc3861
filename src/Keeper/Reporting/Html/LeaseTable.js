
// The table of leases: filtered by the test's name, sorted by any column, a page at a time.
// "chosen" says which lease the timeline has chosen; "choose" has it choose another.
function openTable(leases, elapsed, ending, chosen, choose) {
  const size = 50, byId = id => document.getElementById(id);
  const body = document.querySelector("#table tbody"), filter = byId("filter"), page = byId("page"), former = byId("former"), next = byId("next");
  const columns = { ...leases, ending: leases.number.map((_, i) => ending(i)) };
  let shown = leases.number.map((_, i) => i), first = 0, sorted = "number", descending = false;

  function cell(row, text, kind) {
    const made = row.insertCell();
    made.className = kind ?? "";
    made.append(text);
    return made;
  }

  function render() {
    const rows = document.createDocumentFragment();
    for (const i of shown.slice(first, first + size)) {
      const row = document.createElement("tr");
      row.className = i === chosen() ? "chosen" : "";
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: leases.number[i] });
      button.setAttribute("aria-label", `Lease ${leases.number[i]}: show it in the timeline`);
      button.addEventListener("click", () => choose(i));
      cell(row, button, "number");
      cell(row, leases.test[i], "name");
      cell(row, Object.assign(document.createElement("code"), { textContent: leases.slot[i] }));
      cell(row, elapsed(leases.start[i]), "number");
      cell(row, elapsed(leases.wait[i]), "number");
      cell(row, leases.held[i] === null ? "–" : elapsed(leases.held[i]), "number");
      cell(row, columns.ending[i]);
      rows.append(row);
    }
    body.replaceChildren(rows);
    page.textContent = shown.length === 0 ? "No lease of such a test" : `${first + 1} to ${Math.min(first + size, shown.length)} of ${shown.length}`;
    former.disabled = first === 0;
    next.disabled = first + size >= shown.length;
  }

  function select() {
    const wanted = filter.value.toLowerCase();
    const compare = (a, b) => (a ?? Infinity) < (b ?? Infinity) ? -1 : (a ?? Infinity) > (b ?? Infinity) ? 1 : 0;
    shown = leases.number.map((_, i) => i).filter(i => leases.test[i].toLowerCase().includes(wanted));
    shown.sort((a, b) => (descending ? -1 : 1) * compare(columns[sorted][a], columns[sorted][b]) || a - b);
    first = 0;
    render();
  }

  for (const head of document.querySelectorAll("#table th")) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: head.textContent });
    head.replaceChildren(button);
    if (head.dataset.sort === sorted)
      head.setAttribute("aria-sort", "ascending");
    button.addEventListener("click", () => {
      descending = sorted === head.dataset.sort && !descending;
      sorted = head.dataset.sort;
      for (const other of document.querySelectorAll("#table th"))
        other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      select();
    });
  }

  const turn = by => {
    first += by;
    render();
    body.closest(".scroll").scrollTop = 0;
  };
  former.addEventListener("click", () => turn(-size));
  next.addEventListener("click", () => turn(size));
  filter.addEventListener("input", select);
  render();
  return {
    find(i) {
      if (!shown.includes(i)) {
        filter.value = "";
        select();
      }
      first = Math.floor(shown.indexOf(i) / size) * size;
      render();
      body.rows[shown.indexOf(i) - first].querySelector("button").focus();
    },
  };
}
