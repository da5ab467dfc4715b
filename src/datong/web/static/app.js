// Small enhancements; every page works without them.

// A details menu closes on Escape and when focus or a click goes elsewhere.
for (const menu of document.querySelectorAll("details.menu-small, details.unmask")) {
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu-small[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// A suggestion fills the field it belongs to.
document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-fill]");
  if (!choice) return;
  const field = document.getElementById(choice.dataset.fill);
  field.value = choice.dataset.value;
  field.focus();
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
