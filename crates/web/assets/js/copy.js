// Copy buttons: they exist only where there is script and a clipboard.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const from = document.getElementById(button.dataset.copy);
      if (!from) return;
      const text = from.dataset.text ?? from.innerText;
      const before = button.textContent;
      try {
        await navigator.clipboard.writeText(text.trim());
        button.textContent = button.dataset.done;
      } catch {
        const range = document.createRange();
        range.selectNodeContents(from);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
      }
      setTimeout(() => { button.textContent = before; }, 2500);
    });
  }
}
