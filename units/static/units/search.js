// Suggests answers while one types, as a combobox (ARIA 1.2); without this script the form is sent as ever.
for (const line of document.querySelectorAll("input[data-suggest]")) {
  const list = document.createElement("ul"), said = document.createElement("p");
  let answers = [], chosen = -1, waiting, last = "";
  list.id = `${line.id}-suggestions`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", line.labels[0].textContent);
  list.hidden = true;
  said.className = "unseen";
  said.setAttribute("role", "status");
  line.after(list);
  list.after(said);
  line.setAttribute("role", "combobox");
  line.setAttribute("aria-autocomplete", "list");
  line.setAttribute("aria-controls", list.id);
  line.setAttribute("aria-expanded", "false");

  const show = (open) => {
    list.hidden = !open;
    line.setAttribute("aria-expanded", String(open));
    if (!open) choose(-1);
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
  const fill = (found) => {
    answers = found;
    chosen = -1;
    line.removeAttribute("aria-activedescendant");
    list.replaceChildren(...answers.map((answer, place) => {
      const option = document.createElement("li"), about = document.createElement("small");
      option.id = `${list.id}-${place}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      about.textContent = answer.reason ?? answer.kind;
      option.append(answer.name, about);
      option.addEventListener("mousedown", (event) => event.preventDefault());
      option.addEventListener("click", () => location.assign(answer.page));
      return option;
    }));
    show(answers.length > 0);
    said.textContent = answers.length ? `${line.dataset.some} ${answers.length}` : line.dataset.none;
  };
  const ask = async () => {
    const words = line.value.trim();
    if (words === last) return;
    last = words;
    if (words.length < 2) return show(false);
    const answer = await fetch(`${line.dataset.suggest}&q=${encodeURIComponent(words)}`).catch(() => null);
    if (answer?.ok && words === line.value.trim()) fill((await answer.json()).results);
  };

  line.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 120);
  });
  line.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape" && !list.hidden) {
      show(false);
    } else if (event.key === "Enter" && answers[chosen] && !list.hidden) {
      location.assign(answers[chosen].page);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!answers.length) return;
      const step = event.key === "ArrowDown" ? 1 : -1, places = answers.length + 1;
      if (list.hidden) show(true);
      // One place more than answers: between the last and the first nothing is chosen, as typed.
      choose((chosen + 1 + step + places) % places - 1);
    } else {
      return;
    }
    event.preventDefault();
  });
  line.addEventListener("blur", () => show(false));
  line.form.addEventListener("submit", () => clearTimeout(waiting));
}
