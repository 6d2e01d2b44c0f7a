// Adds a button to each text that is there to be copied, and says politely what became of it.
const box = document.querySelector("details.cite");
if (box && navigator.clipboard) {
  const status = box.querySelector("[role=status]");
  for (const text of box.querySelectorAll("[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text.dataset.copy;
    button.addEventListener("click", async () => {
      status.textContent = "";
      let said = box.dataset.copied;
      try {
        await navigator.clipboard.writeText(text.textContent);
      } catch {
        said = box.dataset.failed;
      }
      status.textContent = `${text.dataset.copy}: ${said}`;
      button.textContent = said === box.dataset.copied ? said : text.dataset.copy;
      setTimeout(() => { button.textContent = text.dataset.copy; }, 2000);
    });
    text.after(button);
  }
}
