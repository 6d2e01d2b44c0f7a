// The comfort of the tree editor: branches open in place, units are dragged or moved by keys, and each step changes
// only what it touched. Everything here is sent as the page's own forms are; without this script these do the same.

const editor = document.getElementById("tree-editor");
const tree = document.getElementById("tree");
const said = document.getElementById("said");
const refused = document.getElementById("refused");
const mayStep = "mayStep" in editor.dataset;
const address = (query) => `${editor.dataset.address}?${new URLSearchParams({ of: editor.dataset.of, ...query })}`;

// ---- finding one's way in the page

const unitOf = (element) => element?.closest?.("li.tree-unit");
const byId = (kind, slug) => document.getElementById(`${kind}-${slug}`);
const linkOf = (unit) => unit?.querySelector(":scope > .card > .name");
const listOf = (unit) => unit.querySelector(":scope > ul.branch");
const toggleOf = (unit) => unit.querySelector(":scope > .card > [data-toggle]");
const parentOf = (unit) => unitOf(unit.parentElement);
const isOpen = (unit) => Boolean(listOf(unit)?.checkVisibility());
const isRoot = (unit) => "root" in unit.dataset;
const inSight = () => [...tree.querySelectorAll("li.tree-unit")].filter((unit) => unit.checkVisibility());
const beside = (unit, way) => {
  let other = unit[`${way}ElementSibling`];
  while (other && !other.matches("li.tree-unit")) other = other[`${way}ElementSibling`];
  return other;
};

// What the page shows of where a unit is; the site holds it against where the unit is now.
const placeOf = (unit) =>
  [parentOf(unit), beside(unit, "previous"), beside(unit, "next")].map((other) => other?.dataset.slug ?? "-").join(" ");

// ---- asking the site

let steps = Promise.resolve();
// One after the other: what is sent next is read from the page as the step before left it.
const inTurn = (work) => (steps = steps.then(work).catch(() => tell("", editor.dataset.lost)));

function tell(sentence, refusal = "") {
  // Emptied first, so that the same sentence is read out again.
  said.textContent = refused.textContent = "";
  requestAnimationFrame(() => {
    said.textContent = sentence;
    refused.textContent = refusal;
  });
}

async function ask(where, form) {
  editor.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(where, { method: form ? "POST" : "GET", body: form, headers: { Accept: "application/json" } });
    if (!answer.headers.get("Content-Type")?.startsWith("application/json")) return location.reload();
    const parts = await answer.json();
    return parts.reload ? location.reload() : parts;
  } finally {
    editor.removeAttribute("aria-busy");
  }
}

function formOf(values) {
  const form = new FormData();
  form.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  form.set("of", editor.dataset.of);
  for (const [name, value] of Object.entries(values)) form.set(name, value);
  return form;
}

// ---- putting what it answers into the page

function put(parts) {
  const held = new Map([...tree.querySelectorAll("ul.branch")].map((list) => [list.id, list]));
  const hold = document.createElement("template");
  for (const { id, html } of parts.swaps) {
    hold.innerHTML = html;
    const made = hold.content.firstElementChild;
    const old = document.getElementById(id);
    if (old) old.replaceWith(made);
    else if (id.startsWith("below-") && made.children.length) byId("unit", id.slice(6))?.append(made);
    // Branches that were open stay so, wherever their units went; what is below a unit is at the end of its item.
    for (const unit of [made, ...made.querySelectorAll("li.tree-unit")]) {
      const list = held.get(`below-${unit.dataset?.slug}`);
      if (unit.matches("li.tree-unit") && list && !listOf(unit) && unit.dataset.below !== "0") unit.append(list);
    }
  }
  // Of what stands twice, since its old place is not among what was answered, the one that moved away goes.
  for (const unit of tree.querySelectorAll("li.tree-unit")) {
    if (byId("unit", unit.dataset.slug) !== unit) unit.remove();
  }
  if (parts.gone) byId("unit", parts.gone)?.remove();
  for (const toggle of tree.querySelectorAll("[data-toggle]")) {
    toggle.setAttribute("aria-expanded", isOpen(unitOf(toggle)));
    toggle.setAttribute("role", "button");
  }
}

function select(slug) {
  for (const other of tree.querySelectorAll("li.tree-unit.at")) {
    if (other.dataset.slug === slug) continue;
    other.classList.remove("at");
    linkOf(other).removeAttribute("aria-current");
    other.querySelector(":scope > .panel")?.remove();
  }
}

async function show(slug) {
  const answer = await fetch(address({ at: slug }), { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  tree.replaceChildren(...page.getElementById("tree").children);
}

async function settle(parts, focus) {
  if (!parts) return;
  put(parts);
  if (parts.at) {
    for (const slug of (parts.way ?? []).slice(0, -1)) {
      const list = byId("below", slug);
      if (list?.hidden) open(byId("unit", slug));
    }
    if (!byId("unit", parts.at)) await show(parts.at);
    select(parts.at);
    if (parts.at) history.replaceState(null, "", `${editor.dataset.address}?at=${parts.at}`);
  }
  put({ swaps: [] });
  if (parts.said || parts.refused) tell(parts.said ?? "", parts.refused ?? "");
  const unit = byId("unit", parts.at);
  const target = (focus && unit?.querySelector(focus)) || linkOf(unit) || linkOf(tree.querySelector("li.tree-unit"));
  target?.focus({ preventScroll: true });
  unit?.querySelector(":scope > .card").scrollIntoView({ block: "nearest" });
}

const step = (values, focus) => inTurn(async () => settle(await ask(address({}), formOf(values)), focus));

// ---- opening and closing

async function open(unit) {
  const list = listOf(unit);
  if (list) list.hidden = false;
  else if (unit.dataset.below !== "0") put(await ask(address({ branch: unit.dataset.slug })) ?? { swaps: [] });
  put({ swaps: [] });
}

function close(unit) {
  const list = listOf(unit);
  if (list) list.hidden = true;
  put({ swaps: [] });
}

// ---- by mouse and keyboard

const choose = (unit, question) =>
  inTurn(async () => {
    const query = { at: unit.dataset.slug, ...(question ? { ask: question } : {}) };
    const field = "#ask :is(input:not([type=hidden]), select, textarea)";
    await settle(await ask(address(query)), question ? field : undefined);
  });

tree.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const link = event.target.closest("a");
  const unit = unitOf(event.target);
  if (dragged.justNow || !link) return dragged.justNow && event.preventDefault();
  if (link.dataset.branch) inTurn(async () => put(await ask(address({ branch: link.dataset.branch, start: link.dataset.start ?? 0 }))));
  else if ("toggle" in link.dataset) inTurn(() => (isOpen(unit) ? close(unit) : open(unit)));
  else if (link.dataset.askFor) choose(unit, link.dataset.askFor);
  else if ("leave" in link.dataset || link.matches(".name")) {
    if (!mayStep) return;
    choose(unit);
  } else return;
  event.preventDefault();
});

editor.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  event.preventDefault();
  const form = new FormData(event.target, event.submitter);
  const unit = unitOf(event.target);
  const button = event.submitter?.value;
  if (event.target.matches(".moves")) step({ unit: unit.dataset.slug, do: button, place: placeOf(unit) }, `button[value=${button}]:enabled`);
  else inTurn(async () => {
    const parts = await ask(address({}), form);
    await settle(parts, parts?.again ? "#ask .errorlist + *, #ask :is(input:not([type=hidden]), select)" : undefined);
  });
});

const MOVES = { ArrowUp: "up", ArrowDown: "down", ArrowRight: "in", ArrowLeft: "out" };

tree.addEventListener("keydown", (event) => {
  if (!event.target.matches(".name, .toggle") || event.ctrlKey || event.metaKey || event.altKey) return;
  const unit = unitOf(event.target);
  const move = MOVES[event.key];
  if (move && event.shiftKey && mayStep) inTurn(async () => {
    // Where the unit is by now, if this key was pressed before the last step was done.
    const now = byId("unit", unit.dataset.slug);
    await settle(await ask(address({}), formOf({ unit: unit.dataset.slug, do: move, place: placeOf(now) })));
  });
  else if (move === "up" || move === "down") {
    const units = inSight();
    linkOf(units[units.indexOf(unit) + (move === "up" ? -1 : 1)])?.focus();
  } else if (move === "in") {
    if (isOpen(unit)) linkOf(listOf(unit).querySelector("li.tree-unit"))?.focus();
    else inTurn(() => open(unit));
  } else if (move === "out") {
    if (isOpen(unit)) close(unit);
    else linkOf(parentOf(unit))?.focus();
  } else if (event.key === "F2" && mayStep) choose(unit, "rename");
  else if (event.key === "Delete" && mayStep && !isRoot(unit)) choose(unit, "remove");
  else return;
  event.preventDefault();
});

editor.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "z" && !event.target.matches("input, textarea, select")) {
    document.querySelector("#undo button")?.click();
    event.preventDefault();
  }
});

// ---- dragging

const THRESHOLD = 6, EDGE = 70, OPENS_AFTER = 700;
const dragged = {};

// Where a unit would go if it was dropped at `y` on the card of `over`: above it, below it, or into it.
function target(over, y) {
  const box = over.querySelector(":scope > .card").getBoundingClientRect();
  const part = (y - box.top) / box.height;
  if (isRoot(over) || (part > 0.3 && part < 0.7)) return { unit: over, how: "in" };
  if (part <= 0.3) return { unit: over, how: "before" };
  const first = isOpen(over) && listOf(over).querySelector("li.tree-unit");
  return first ? { unit: first, how: "before" } : { unit: over, how: "after" };
}

function mark(goal) {
  for (const how of ["in", "before", "after"]) {
    for (const unit of tree.querySelectorAll(`.drop-${how}`)) unit.classList.remove(`drop-${how}`);
  }
  goal?.unit.classList.add(`drop-${goal.how}`);
  dragged.goal = goal;
}

function follow(x, y) {
  dragged.ghost.style.translate = `${x + 14}px ${y + 8}px`;
  const over = unitOf(document.elementFromPoint(x, y));
  const free = over && !dragged.unit.contains(over);
  const goal = free ? target(over, y) : null;
  mark(goal && goal.unit !== dragged.unit && !dragged.unit.contains(goal.unit) ? goal : null);
  const closed = free && over.dataset.below !== "0" && !isOpen(over) ? over : null;
  if (dragged.waitsFor !== closed) {
    clearTimeout(dragged.opens);
    dragged.waitsFor = closed;
    if (closed) dragged.opens = setTimeout(() => open(closed), OPENS_AFTER);
  }
}

function scroll() {
  if (!dragged.unit) return;
  const { x, y } = dragged.at;
  const by = y < EDGE ? y - EDGE : y > innerHeight - EDGE ? y - innerHeight + EDGE : 0;
  if (by) {
    document.scrollingElement.scrollBy(0, by / 4);
    follow(x, y);
  }
  dragged.frame = requestAnimationFrame(scroll);
}

function lift() {
  const { unit } = dragged.held;
  dragged.unit = unit;
  dragged.ghost = document.createElement("div");
  dragged.ghost.className = "ghost";
  dragged.ghost.textContent = unit.dataset.name;
  dragged.ghost.ariaHidden = "true";
  editor.append(dragged.ghost);
  unit.classList.add("lifted");
  editor.classList.add("dragging");
  tell(editor.dataset.picked);
  scroll();
}

function drop(cancelled) {
  const { unit, goal } = dragged;
  cancelAnimationFrame(dragged.frame);
  clearTimeout(dragged.opens);
  dragged.held = dragged.waitsFor = null;
  if (!unit) return;
  mark(null);
  dragged.ghost.remove();
  unit.classList.remove("lifted");
  editor.classList.remove("dragging");
  dragged.unit = null;
  dragged.justNow = true;
  setTimeout(() => (dragged.justNow = false), 50);
  if (cancelled || !goal) return tell(editor.dataset.cancelled);
  const below = goal.how === "in" ? goal.unit : parentOf(goal.unit);
  const near = goal.how === "in" ? {} : { [goal.how]: goal.unit.dataset.slug };
  step({ unit: unit.dataset.slug, do: "drop", place: placeOf(unit), below: below.dataset.slug, ...near });
}

if (mayStep) {
  editor.classList.add("live");
  tree.addEventListener("pointerdown", (event) => {
    const card = event.target.closest(".card");
    const unit = unitOf(card);
    // A finger scrolls, unless it takes the handle; a mouse takes the card anywhere.
    if (!card || event.button || isRoot(unit) || event.target.closest("[data-toggle]")) return;
    if (event.pointerType !== "mouse" && !event.target.closest(".handle")) return;
    dragged.held = { unit, id: event.pointerId, x: event.clientX, y: event.clientY };
    if (event.target.closest(".handle")) event.preventDefault();
  });
  addEventListener("pointermove", (event) => {
    if (!dragged.held || event.pointerId !== dragged.held.id) return;
    dragged.at = { x: event.clientX, y: event.clientY };
    if (!dragged.unit) {
      if (Math.hypot(event.clientX - dragged.held.x, event.clientY - dragged.held.y) < THRESHOLD) return;
      lift();
    }
    event.preventDefault();
    follow(event.clientX, event.clientY);
  });
  addEventListener("pointerup", (event) => event.pointerId === dragged.held?.id && drop(false));
  addEventListener("pointercancel", () => drop(true));
  addEventListener("blur", () => drop(true));
  addEventListener("keydown", (event) => event.key === "Escape" && dragged.unit && drop(true));
}
put({ swaps: [] });
