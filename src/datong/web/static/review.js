// Y, N and S press the buttons of the verdict; a box turns the keys off. The page works without any of this.
const form = document.querySelector("form[data-keys]");
if (form) {
  const box = form.querySelector("[data-keys-on]");
  const on = box.querySelector("input");
  box.hidden = false;
  on.checked = localStorage.getItem("datong-review-keys") !== "off";
  on.addEventListener("change", () => localStorage.setItem("datong-review-keys", on.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    if (!on.checked || event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    const button = form.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]:not(:disabled)`);
    if (!button) return;
    event.preventDefault();
    form.requestSubmit(button);
  });
}
