// Comfort for the chart. The server draws every state and gives it an address; this only fetches it without
// leaving the page, and moves the window over the drawing. Without it the same links load the same pages.
const view = document.getElementById("chart-view");
const status = document.getElementById("chart-status");
const ZOOMS = { least: 10, most: 400 };
let zoom = 100;

const canvas = () => document.getElementById("canvas");
const svg = () => canvas().querySelector("svg");
const natural = () => svg().viewBox.baseVal;
const scale = () => zoom / 100;

// The point of the chart in the middle of the window.
function middle() {
  const box = canvas(), inside = svg().getBoundingClientRect(), frame = box.getBoundingClientRect();
  return { x: (frame.left + box.clientWidth / 2 - inside.left) / scale(), y: (frame.top + box.clientHeight / 2 - inside.top) / scale() };
}

// Moves the chart's point (x, y) to the place (left, top) in the window; by default to its middle.
function bring({ x, y }, left = canvas().clientWidth / 2, top = canvas().clientHeight / 2) {
  const box = canvas(), inside = svg().getBoundingClientRect(), frame = box.getBoundingClientRect();
  box.scrollLeft += inside.left + x * scale() - frame.left - left;
  box.scrollTop += inside.top + y * scale() - frame.top - top;
}

function resize(percent) {
  zoom = Math.min(ZOOMS.most, Math.max(ZOOMS.least, Math.round(percent)));
  svg().setAttribute("width", Math.round(natural().width * scale()));
  svg().setAttribute("height", Math.round(natural().height * scale()));
}

// Zooms so that what is at (clientX, clientY), by default in the middle, stays there.
function zoomTo(percent, clientX, clientY) {
  const box = canvas(), frame = box.getBoundingClientRect();
  const left = clientX === undefined ? box.clientWidth / 2 : clientX - frame.left;
  const top = clientY === undefined ? box.clientHeight / 2 : clientY - frame.top;
  const inside = svg().getBoundingClientRect();
  const point = { x: (frame.left + left - inside.left) / scale(), y: (frame.top + top - inside.top) / scale() };
  resize(percent);
  bring(point, left, top);
  remember();
}

const fitting = () => Math.min(canvas().clientWidth / natural().width, Math.max(canvas().clientHeight, 320) / natural().height) * 100;

// The steps of the two buttons and keys; fingers, wheel and fitting stop anywhere between.
const steps = [25, 33, 50, 67, 80, 100, 125, 150, 200, 300, 400];
const next = (step) => (step > 0 ? steps.find((one) => one > zoom) : steps.findLast((one) => one < zoom)) ?? zoom;

// Keeps the address true to what is seen, once it has come to rest.
let resting;
function remember() {
  clearTimeout(resting);
  resting = setTimeout(() => {
    const address = new URL(location.href), { x, y } = middle();
    address.searchParams.set("zoom", zoom);
    address.searchParams.set("at", `${Math.max(0, Math.round(x))},${Math.max(0, Math.round(y))}`);
    if (zoom === 100) address.searchParams.delete("zoom");
    // A comma needs no escape in a query, and is better read.
    const written = address.href.replaceAll("%2C", ",");
    history.replaceState(null, "", written);
    const share = document.getElementById("this");
    if (share) share.href = written;
  }, 250);
}

// Shows the chart's state at `address` in place of this one; `kept` is the id of what has to stay in its place.
let latest = 0;
async function go(address, { push = true, kept = "" } = {}) {
  const mine = ++latest;
  const before = kept && document.getElementById(kept)?.getBoundingClientRect();
  let page;
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(answer.status);
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    location.assign(address);
    return;
  }
  if (mine !== latest) return;
  const asked = canvas().dataset.zoom, seen = zoom;
  view.replaceChildren(...page.getElementById("chart-view").children);
  document.title = page.title;
  if (push) history.pushState(null, "", address);
  zoom = 100;
  begin(canvas().dataset.zoom === asked && push ? seen : undefined);
  const again = kept && document.getElementById(kept);
  if (again) {
    const after = again.getBoundingClientRect();
    if (canvas().contains(again)) {
      canvas().scrollLeft += after.left - before.left;
      canvas().scrollTop += after.top - before.top;
    }
    again.focus({ preventScroll: true });
  }
  const hit = document.querySelector(".found-list a");
  if (hit && !again) show(hit.hash, false);
  if (zoom !== 100) remember();
  status.textContent = document.getElementById("chart-said").textContent;
}

// Brings a box into the middle of the window.
function show(hash, focus = true) {
  const node = document.getElementById(hash.slice(1));
  if (!node) return;
  const frame = node.getBBox(), link = node.querySelector("a");
  const [own, all] = [node, node.parentNode].map((moved) => moved.transform.baseVal.consolidate().matrix);
  const [x, y] = [frame.x + own.e + all.e, frame.y + own.f + all.f];
  bring({ x: x + frame.width / 2, y: y + Math.min(frame.height, 200) / 2 });
  if (focus) link.focus({ preventScroll: true });
  remember();
}

// What has to be done once for each state that is shown.
function begin(seen) {
  document.getElementById("full").setAttribute("aria-pressed", Boolean(document.fullscreenElement));
  for (const button of document.querySelectorAll("#fit, #full")) button.hidden = button.id === "full" && !document.fullscreenEnabled;
  const { zoom: asked, at } = canvas().dataset;
  resize(seen ?? Number(asked));
  const wide = canvas().clientWidth / natural().width;
  if (seen === undefined && asked === "100" && !at && wide < 1 && wide > 0.7) resize(wide * 100);
  const [x, y] = at ? at.split(",").map(Number) : [natural().width / 2, 0];
  bring({ x, y }, undefined, at ? undefined : 0);
}

const isHere = ({ origin, pathname }) => origin === location.origin && pathname === location.pathname;
const goes = (link) => link.closest("#chart-view") && (link.getAttribute("rel") ?? "").includes("nofollow")
  && isHere(new URL(link.getAttribute("href"), location.href));

view.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const target = event.target.closest("a, summary, button");
  if (!target) return;
  if (target.id === "larger" || target.id === "smaller") zoomTo(next(target.id === "larger" ? 1 : -1));
  else if (target.id === "fit") { resize(Math.floor(fitting())); bring({ x: natural().width / 2, y: 0 }, undefined, 0); remember(); }
  else if (target.id === "full") document.fullscreenElement ? document.exitFullscreen() : view.requestFullscreen();
  else if (target.matches("summary[data-href]")) go(target.dataset.href, { kept: target.id });
  else if (target.matches("[data-to]")) show(target.hash);
  else if (target.localName === "a" && goes(target)) go(new URL(target.getAttribute("href"), location.href).href, { kept: target.id });
  else return;
  event.preventDefault();
});

view.addEventListener("submit", (event) => {
  if (!isHere(new URL(event.target.action))) return; // in a copy: it is sent to the site itself
  event.preventDefault();
  const asked = new URLSearchParams([...new FormData(event.target)].filter(([, value]) => value));
  go(`${event.target.getAttribute("action").split("?")[0]}?${asked}`);
});

view.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !event.target.closest("#canvas")) return;
  if (event.key === "+" || event.key === "=") zoomTo(next(1));
  else if (event.key === "-") zoomTo(next(-1));
  else if (event.key === "0") document.getElementById("fit").click();
  else return;
  event.preventDefault();
});

view.addEventListener("wheel", (event) => {
  if (!(event.ctrlKey || event.metaKey) || !event.target.closest("#canvas")) return;
  event.preventDefault();
  zoomTo(zoom * Math.exp(-event.deltaY / 300), event.clientX, event.clientY);
}, { passive: false });

// Two fingers zoom; one scrolls, as everywhere.
let pinch;
const apart = ([one, two]) => Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY);
view.addEventListener("touchstart", (event) => {
  if (event.touches.length === 2 && event.target.closest("#canvas")) pinch = { apart: apart(event.touches), zoom };
}, { passive: true });
view.addEventListener("touchmove", (event) => {
  if (!pinch || event.touches.length !== 2) return;
  event.preventDefault();
  const [one, two] = event.touches;
  zoomTo(pinch.zoom * apart(event.touches) / pinch.apart, (one.clientX + two.clientX) / 2, (one.clientY + two.clientY) / 2);
}, { passive: false });
view.addEventListener("touchend", () => { pinch = undefined; });

// The mouse takes hold of the paper between the boxes.
view.addEventListener("pointerdown", (event) => {
  if (event.pointerType !== "mouse" || event.button || !event.target.closest("#canvas") || event.target.closest("a")) return;
  const box = canvas(), start = { x: event.clientX + box.scrollLeft, y: event.clientY + box.scrollTop };
  if (event.offsetX > box.clientWidth && event.target === box) return;
  const move = (moved) => { box.classList.add("held"); box.scrollLeft = start.x - moved.clientX; box.scrollTop = start.y - moved.clientY; };
  const end = () => { box.classList.remove("held"); removeEventListener("pointermove", move); remember(); };
  addEventListener("pointermove", move);
  addEventListener("pointerup", end, { once: true });
});
// Browsers are content with a link of a drawing that is half in the window when it gets the focus.
view.addEventListener("focusin", ({ target }) => {
  if (target.matches("#canvas a:focus-visible")) target.scrollIntoView({ block: "nearest", inline: "nearest" });
});
view.addEventListener("scrollend", (event) => { if (event.target.id === "canvas") remember(); }, true);

addEventListener("popstate", () => go(location.href, { push: false }));
document.addEventListener("fullscreenchange", () => document.getElementById("full").setAttribute("aria-pressed", Boolean(document.fullscreenElement)));
begin();
