(() => {
  const page = document, root = page.documentElement;
  const words = page.getElementById("script-words").dataset;
  const order = new Intl.Collator(root.lang, { numeric: true });
  const element = (name, properties) => Object.assign(page.createElement(name), properties);
  for (const table of page.querySelectorAll("table[data-list]")) {
    const [body] = table.tBodies, rows = [...body.rows];
    const live = element("p", { className: "unseen" });
    const box = element("input", { type: "search" });
    const label = element("label", { className: "filter", textContent: words.filter + " " });
    live.setAttribute("role", "status");
    label.append(box);
    table.parentNode.before(...(rows.length > 5 ? [label] : []), live);
    box.oninput = () => {
      const wanted = box.value.toLowerCase();
      let shown = 0;
      for (const row of rows) shown += !(row.hidden = !row.textContent.toLowerCase().includes(wanted));
      live.textContent = shown + " / " + rows.length;
    };
    [...table.tHead.rows[0].cells].forEach((head, at) => {
      const button = element("button", { type: "button", textContent: head.textContent });
      const value = row => row.cells[at].dataset.v ?? row.cells[at].textContent;
      head.replaceChildren(button);
      button.onclick = () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const numeric = head.classList.contains("number");
        const compare = (a, b) => numeric ? value(a) - value(b) : order.compare(value(a), value(b));
        body.append(...rows.sort((a, b) => down ? compare(b, a) : compare(a, b)));
        live.textContent = words.sorted + " " + button.textContent;
      };
    });
  }
  for (const button of page.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.onclick = async () => {
      const text = page.getElementById(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(text.textContent);
      } catch {
        getSelection().selectAllChildren(text);
        page.execCommand("copy");
      }
      button.nextElementSibling.textContent = button.dataset.done;
    };
  }
  const print = page.getElementById("print");
  print.hidden = false;
  print.onclick = () => window.print();
  const folds = page.getElementsByTagName("details");
  let closed = [];
  window.onbeforeprint = () => (closed = [...folds].filter(fold => !fold.open)).forEach(fold => (fold.open = true));
  window.onafterprint = () => closed.forEach(fold => (fold.open = false));
})();
