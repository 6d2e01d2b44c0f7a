// Offers names while one types, where there are too many to be on the page; without it they are found on sending.
// It listens to the page, since forms come and go on it.
let waiting, last = "";
document.addEventListener("input", ({ target: line }) => {
  if (!line.matches("input[data-ask]")) return;
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    const words = line.value.trim();
    if (words.length < 2 || words === last) return;
    last = words;
    const answer = await fetch(`${line.dataset.ask}?q=${encodeURIComponent(words)}`);
    if (!answer.ok || words !== line.value.trim()) return;
    line.list.replaceChildren(...(await answer.json()).map(([written, called]) => {
      const option = new Option(called, written);
      option.label = called;
      return option;
    }));
  }, 150);
});
