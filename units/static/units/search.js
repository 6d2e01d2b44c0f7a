// Suggests answers while one types, as a combobox (ARIA 1.2); without this script the form is sent as ever.
for (const line of document.querySelectorAll("input[data-suggest]")) {
  const list = document.createElement("ul"), said = document.createElement("p");
  let found = [], chosen = -1, waiting, asking, shownFor = "";
  list.id = `${line.id}-suggestions`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", line.labels[0].textContent);
  list.hidden = true;
  said.className = "unseen";
  said.setAttribute("role", "status");
  line.after(said);
  line.setAttribute("role", "combobox");
  line.setAttribute("aria-autocomplete", "list");
  line.setAttribute("aria-expanded", "false");

  const words = () => line.value.replace(/\s+/g, " ").trim();
  const open = (is) => {
    list.hidden = !is;
    line.setAttribute("aria-expanded", String(is));
    if (!is) choose(-1);
  };
  const choose = (place) => {
    list.children[chosen]?.setAttribute("aria-selected", "false");
    chosen = place;
    const option = list.children[chosen];
    if (!option) return line.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    line.setAttribute("aria-activedescendant", option.id);
  };
  const fill = (options, sentence) => {
    found = options;
    choose(-1);
    if (!list.isConnected) {
      line.after(list);
      line.setAttribute("aria-controls", list.id);
    }
    list.replaceChildren(...options.map(({ name, about, address }, place) => {
      const option = document.createElement("li"), small = document.createElement("small");
      option.id = `${list.id}-${place}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      small.textContent = about;
      option.append(name, small);
      option.addEventListener("click", () => go(address));
      return option;
    }));
    open(options.length > 0);
    said.textContent = sentence;
  };
  // Whatever is on its way comes too late for the reader.
  const stop = () => {
    clearTimeout(waiting);
    asking?.abort();
  };
  const go = (address) => {
    const to = new URL(address); // the site may be reached by another name than its own
    location.assign(to.pathname + to.search + to.hash);
  };
  const ask = async () => {
    const asked = words();
    if (asked.length < 2) return fill([], shownFor = "");
    asking = new AbortController();
    try {
      const address = `${line.dataset.suggest}&q=${encodeURIComponent(asked)}`;
      const answer = await fetch(address, { signal: asking.signal });
      if (!answer.ok) return fill([], shownFor = "");
      const { people, results } = await answer.json();
      const options = [
        ...people.map(({ name, post, page }) => ({ name, about: post.name, address: page })),
        ...results.map(({ name, reason, page }) => ({ name, about: reason ?? "", address: page })),
      ];
      shownFor = asked;
      fill(options, options.length ? `${line.dataset.some} ${options.length}` : line.dataset.none);
    } catch {
      // Stopped, or no connection: the form still works.
    }
  };

  line.addEventListener("input", () => {
    stop();
    choose(-1); // it was chosen for other words
    if (words() !== shownFor) waiting = setTimeout(ask, 120);
    else open(found.length > 0);
  });
  line.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      stop();
      if (list.hidden) return;
      open(false);
    } else if (event.key === "Enter" && found[chosen] && !list.hidden) {
      go(found[chosen].address);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!found.length || words() !== shownFor) return;
      const step = event.key === "ArrowDown" ? 1 : -1, places = found.length + 1;
      if (list.hidden) open(true);
      // One place more than answers: between the last and the first nothing is chosen, as typed.
      choose((chosen + 1 + step + places) % places - 1);
    } else {
      return;
    }
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // else the box loses the focus
  line.addEventListener("blur", () => {
    stop();
    open(false);
  });
  line.form.addEventListener("submit", stop);
}
