// Clocks: the server says how many seconds were left when it drew them; from then on only the passing of time counts,
// so that a wrong clock in the browser changes nothing.
{
  const HOUR = 3600, FULL = 72 * HOUR, start = performance.now();
  const draw = (clock) => {
    const { seconds, hour, hours, minute, minutes, late } = clock.dataset;
    const left = Number(seconds) - (performance.now() - start) / 1000;
    const size = Math.abs(left), inHours = size >= HOUR;
    const count = Math.floor(size / (inHours ? HOUR : 60));
    const unit = inHours ? (count === 1 ? hour : hours) : (count === 1 ? minute : minutes);
    const said = left < 0 ? `${unit} ${late}` : unit;
    clock.dataset.mood = left < 0 ? "late" : left < 12 * HOUR ? "now" : left < 24 * HOUR ? "soon" : "calm";
    const share = Math.max(0, Math.min(72, (left / FULL) * 72));
    const set = (part, text) => { const at = clock.querySelector(part); if (at && at.textContent !== text) at.textContent = text; };
    set(".count", String(count));
    set(".unit", said);
    set(".left", `${count} ${said}`);
    clock.querySelector("circle.run")?.setAttribute("stroke-dasharray", `${share} 72`);
    clock.querySelector("rect.run")?.setAttribute("width", String(share));
  };
  const clocks = document.querySelectorAll("[data-seconds]");
  if (clocks.length) setInterval(() => clocks.forEach(draw), 20000);
}
