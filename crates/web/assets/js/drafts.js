// Drafts: what is typed into a form stays in this browser until it was saved, so that a lost connection or an expired
// session loses nothing. Passwords are never kept. A draft is offered, not put back unasked, and goes after three days, or at once when somebody signs out.
{
  const KEEP = 3 * 24 * 3600 * 1000;
  const store = (() => { try { localStorage.setItem("dw", "1"); localStorage.removeItem("dw"); return localStorage; } catch { return null; } })();
  const skip = (field) => !field.name || field.name.startsWith("_") || ["password", "hidden", "submit", "button"].includes(field.type);
  const read = (form) => [...form.elements].filter((field) => !skip(field)).map((field) =>
    ["checkbox", "radio"].includes(field.type) ? [field.name, field.value, field.checked] : [field.name, field.value]);
  const write = (form, saved) => {
    for (const [name, value, checked] of saved) {
      for (const field of form.elements) {
        if (field.name !== name || skip(field)) continue;
        if (checked === undefined) field.value = value;
        else if (field.value === value) field.checked = checked;
      }
    }
  };
  // The page after a successful save names the draft that is no longer needed, before any is offered. The address forgets it:
  // what is typed next is a new draft, also when the page is loaded again.
  for (const done of document.querySelectorAll("[data-draft-done]")) {
    store?.removeItem(`dw:${done.dataset.draftDone}`);
    const address = new URL(location.href);
    if (address.searchParams.has("bewaard")) {
      address.searchParams.delete("bewaard");
      history.replaceState(history.state, "", address);
    }
  }
  for (const form of store ? document.querySelectorAll("form[data-draft]") : []) {
    const key = `dw:${form.dataset.draft}`;
    const shown = JSON.stringify(read(form));
    const kept = JSON.parse(store.getItem(key) ?? "null");
    const bar = form.querySelector(".draft");
    // The server shows what was sent when something was wrong with it: then that is the newest, not the draft.
    if (kept && Date.now() - kept.at < KEEP && JSON.stringify(kept.fields) !== shown && !form.querySelector(".is-wrong, .theirs") && bar) {
      bar.hidden = false;
      bar.querySelector("[data-restore]").addEventListener("click", () => { write(form, kept.fields); bar.hidden = true; });
      bar.querySelector("[data-forget]").addEventListener("click", () => { store.removeItem(key); bar.hidden = true; });
    } else if (kept && JSON.stringify(kept.fields) === shown) {
      store.removeItem(key);
    }
    form.addEventListener("input", () => {
      try { store.setItem(key, JSON.stringify({ at: Date.now(), fields: read(form) })); } catch { /* full: nothing kept */ }
    });
  }
}
