// Small enhancements of the citizen's pages; each works without them.

const written = (text, parts) => text.replace(/\{(\w)\}/g, (_, name) => parts[name]);

function tick(place) {
  const left = Math.floor((Date.parse(place.dataset.until) - Date.now()) / 1000);
  if (left <= 0) {
    place.textContent = place.dataset.over;
    place.classList.add("over");
    return;
  }
  const parts = { d: Math.floor(left / 86400), h: Math.floor(left / 3600), m: Math.floor(left / 60) % 60, s: left % 60 };
  if (parts.d > 0) place.textContent = written(place.dataset.days, { ...parts, h: parts.h % 24 });
  else place.textContent = written(parts.h > 0 ? place.dataset.hours : place.dataset.minutes, parts);
  window.setTimeout(tick, 1000, place);
}
document.querySelectorAll("[data-until]").forEach(tick);

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.querySelector("span").textContent = button.dataset.done;
  });
}
