
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { leases, resets } = data;
  const count = leases.number.length;
  if (count === 0)
    return;

  document.documentElement.classList.add("scripted");
  const byId = id => document.getElementById(id);
  const canvas = byId("leases"), tip = byId("tip"), told = byId("told");
  const ends = leases.start.map((start, i) => leases.held[i] === null ? data.span : start + leases.held[i]);
  const lanes = Array.from({ length: data.lanes }, () => []);
  for (let i = 0; i < count; i++)
    lanes[leases.lane[i]].push(i);
  for (const lane of lanes)
    lane.sort((a, b) => leases.start[a] - leases.start[b]);

  // As the page's other half says it.
  const elapsed = ms => ms === 0 ? "0 ms" : ms < 9.95 ? `${Math.max(ms, 0.1).toFixed(1)} ms` : ms < 999.5 ? `${ms.toFixed(0)} ms`
    : ms < 59950 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(Math.round(ms / 1000) / 60)} min ${String(Math.round(ms / 1000) % 60).padStart(2, "0")} s`;
  const endings = { released: "released", dirtied: "released, after its code had ended the transaction" };
  const ending = i => (endings[leases.ending[i]] ?? (leases.held[i] === null ? "never ended" : "never released")) + (leases.outcome[i] === null ? "" : `, test ${leases.outcome[i].toLowerCase()}`);
  const describe = i => `lease ${leases.number[i]} in ${leases.slot[i]}, granted after ${elapsed(leases.start[i])}, waited ${elapsed(leases.wait[i])}, ${leases.held[i] === null ? "" : `held ${elapsed(leases.held[i])}, `}${ending(i)}${leases.dirtiedBy[i] === null ? "" : `, dirtied by ${leases.dirtiedBy[i]}`}`;

  const axis = 26, gutter = 38, inset = 10;
  const rowHeight = data.lanes <= 12 ? 24 : data.lanes <= 28 ? 16 : data.lanes <= 60 ? 11 : 7;
  let from = 0, to = data.span, chosen = -1, width = 0, colours, hatches, drawing = 0;

  const x = ms => gutter + (ms - from) / (to - from) * (width - gutter - inset);
  const time = px => from + (px - gutter) / (width - gutter - inset) * (to - from);
  const top = lane => axis + lane * rowHeight;

  function hatch(context, colour, back, paint) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 6;
    const pen = tile.getContext("2d");
    if (back) {
      pen.fillStyle = back;
      pen.fillRect(0, 0, 6, 6);
    }
    pen.strokeStyle = pen.fillStyle = colour;
    paint(pen);
    return context.createPattern(tile, "repeat");
  }

  function readColours() {
    const style = getComputedStyle(document.documentElement);
    colours = Object.fromEntries(["card", "text", "soft", "grid", "released", "dirtied", "lost", "wait", "reset", "chosen"].map(name => [name, style.getPropertyValue(`--${name}`).trim()]));
    const context = canvas.getContext("2d");
    const slant = turn => pen => {
      pen.lineWidth = 1.4;
      pen.beginPath();
      for (const at of [-6, 0, 6]) {
        pen.moveTo(at - 1, turn ? 7 : -1);
        pen.lineTo(at + 7, turn ? -1 : 7);
      }
      pen.stroke();
    };
    hatches = {
      released: colours.released,
      dirtied: hatch(context, colours.card, colours.dirtied, pen => pen.fillRect(0, 4, 6, 1)),
      lost: hatch(context, colours.card, colours.lost, slant(false)),
      reset: hatch(context, colours.reset, null, slant(true)),
    };
  }

  function step(span) {
    const rough = span / Math.max(2, (width - gutter) / 110), power = 10 ** Math.floor(Math.log10(rough));
    return [1, 2, 5, 10].map(n => n * power).find(n => n >= rough);
  }

  const label = (ms, by) => ms === 0 ? "0" : by >= 1000 ? `${ms / 1000} s` : ms >= 10000 ? `${(ms / 1000).toFixed(by >= 100 ? 1 : by >= 10 ? 2 : 3)} s` : `${+ms.toPrecision(12)} ms`;

  function draw() {
    drawing = 0;
    const height = axis + data.lanes * rowHeight + 6, ratio = devicePixelRatio || 1;
    width = canvas.clientWidth;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      canvas.style.height = `${height}px`;
    }

    const pen = canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.font = "11.5px system-ui, sans-serif";
    pen.textBaseline = "middle";
    const by = step(to - from);
    for (let at = Math.ceil(from / by) * by; at <= to; at += by) {
      pen.fillStyle = colours.grid;
      pen.fillRect(Math.round(x(at)), axis - 5, 1, height);
      pen.fillStyle = colours.soft;
      pen.textAlign = x(at) > width - 40 ? "right" : "center";
      pen.fillText(label(at, by), x(at), 11);
    }

    pen.textAlign = "right";
    const every = Math.ceil(13 / rowHeight);
    for (let lane = 0; lane < data.lanes; lane++) {
      pen.fillStyle = colours.grid;
      pen.fillRect(gutter, top(lane + 1) - 1, width, 0.5);
      pen.fillStyle = colours.soft;
      if (lane % every === 0)
        pen.fillText(lane + 1, gutter - 8, top(lane) + rowHeight / 2);
    }

    pen.save();
    pen.beginPath();
    pen.rect(gutter, 0, width - gutter, height);
    pen.clip();
    const gap = rowHeight > 12 ? 4 : 2;
    const bar = (start, end, lane, slim) => {
      const left = x(start), inner = rowHeight - gap;
      pen.fillRect(left, top(lane) + gap / 2 + (slim ? inner * 0.22 : 0), Math.max(1, x(end) - left), slim ? inner * 0.56 : inner - 0.5);
    };
    for (let i = 0; i < resets.lane.length; i++) {
      if (resets.start[i] + resets.elapsed[i] < from || resets.start[i] > to)
        continue;
      pen.fillStyle = hatches.reset;
      bar(resets.start[i], resets.start[i] + resets.elapsed[i], resets.lane[i], true);
      if (resets.outcome[i] === "Retired" && rowHeight > 8) {
        pen.strokeStyle = colours.soft;
        pen.lineWidth = 1.5;
        const right = x(resets.start[i] + resets.elapsed[i]) + 5, middle = top(resets.lane[i]) + rowHeight / 2 - 0.5;
        pen.beginPath();
        for (const turn of [-3, 3]) {
          pen.moveTo(right - 3, middle - turn);
          pen.lineTo(right + 3, middle + turn);
        }
        pen.stroke();
      }
    }

    // Under all bars: it waited for the slot while another lease held it.
    pen.fillStyle = colours.wait;
    for (let i = 0; i < count; i++) {
      const waited = x(leases.start[i] - leases.wait[i]);
      if (leases.wait[i] > 0 && leases.start[i] >= from && waited <= width)
        pen.fillRect(waited, top(leases.lane[i]) + rowHeight / 2 - 1, x(leases.start[i]) - waited, 1.5);
    }

    for (let i = 0; i < count; i++) {
      if (ends[i] < from || leases.start[i] > to)
        continue;
      pen.fillStyle = hatches[leases.ending[i]];
      bar(leases.start[i], ends[i], leases.lane[i], false);
      if (leases.outcome[i] === "Failed") {
        pen.fillStyle = colours.lost;
        pen.fillRect(x(leases.start[i]), top(leases.lane[i]) + rowHeight - gap, Math.max(2, x(ends[i]) - x(leases.start[i])), 2);
      }
    }

    if (chosen >= 0) {
      pen.strokeStyle = colours.chosen;
      pen.lineWidth = 2;
      pen.strokeRect(x(leases.start[chosen]) - 1.5, top(leases.lane[chosen]) + 0.5, Math.max(4, x(ends[chosen]) - x(leases.start[chosen]) + 3), rowHeight - 1);
    }
    pen.restore();
  }

  const redraw = () => drawing ||= requestAnimationFrame(draw);

  function show(start, end) {
    const span = Math.min(data.span, Math.max(0.5, end - start));
    from = Math.min(Math.max(0, start), data.span - span);
    to = from + span;
    redraw();
  }

  const zoom = (factor, at) => show(at - (at - from) * factor, at + (to - at) * factor);

  function hideTip() {
    tip.hidden = true;
  }

  function showTip(i) {
    tip.replaceChildren(Object.assign(document.createElement("b"), { textContent: leases.test[i] }), describe(i));
    tip.hidden = false;
    const left = Math.min(Math.max(4, x(leases.start[i])), width - tip.offsetWidth - 4), below = top(leases.lane[i] + 1) + 5;
    tip.style.left = `${Math.max(4, left)}px`;
    tip.style.top = `${below + tip.offsetHeight < canvas.clientHeight ? below : Math.max(2, top(leases.lane[i]) - tip.offsetHeight - 5)}px`;
  }

  function choose(i) {
    chosen = i;
    if (leases.start[i] < from || leases.start[i] > to)
      show(leases.start[i] - (to - from) / 2, leases.start[i] + (to - from) / 2);
    redraw();
    told.textContent = `${leases.test[i]}: ${describe(i)}.`;
  }

  function leaseAt(event) {
    const box = canvas.getBoundingClientRect(), px = event.clientX - box.left, lane = Math.floor((event.clientY - box.top - axis) / rowHeight);
    if (px < gutter || !lanes[lane])
      return -1;
    const at = time(px), slack = 3 / (width - gutter) * (to - from);
    return lanes[lane].filter(i => at >= leases.start[i] - leases.wait[i] - slack && at <= ends[i] + slack)
      .reduce((best, i) => best < 0 || Math.abs(leases.start[i] + ends[i] - 2 * at) < Math.abs(leases.start[best] + ends[best] - 2 * at) ? i : best, -1);
  }

  function stepRow(by) {
    if (chosen < 0)
      return choose(0);
    for (let lane = leases.lane[chosen] + by; lanes[lane]; lane += by) {
      if (lanes[lane].length > 0)
        return choose(lanes[lane].reduce((best, i) => Math.abs(leases.start[i] - leases.start[chosen]) < Math.abs(leases.start[best] - leases.start[chosen]) ? i : best));
    }
  }

  const inOrder = leases.start.map((_, i) => i).sort((a, b) => leases.start[a] - leases.start[b]);
  const place = () => chosen < 0 ? -1 : inOrder.indexOf(chosen);
  const middle = () => chosen >= 0 && leases.start[chosen] >= from && leases.start[chosen] <= to ? leases.start[chosen] : (from + to) / 2;
  const actions = { in: () => zoom(0.6, middle()), out: () => zoom(1 / 0.6, middle()), all: () => show(0, data.span) };
  const keys = {
    ArrowRight: () => choose(inOrder[Math.min(count - 1, place() + 1)]),
    ArrowLeft: () => choose(inOrder[Math.max(0, place() - 1)]),
    ArrowDown: () => stepRow(1),
    ArrowUp: () => stepRow(-1),
    Home: () => choose(inOrder[0]),
    End: () => choose(inOrder[count - 1]),
    PageUp: () => show(from - (to - from) * 0.8, to - (to - from) * 0.8),
    PageDown: () => show(from + (to - from) * 0.8, to + (to - from) * 0.8),
    "+": actions.in, "=": actions.in, "-": actions.out, "0": actions.all,
    Enter: () => chosen >= 0 && table.find(chosen),
    Escape: hideTip,
  };

  canvas.addEventListener("keydown", event => {
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey)
      return;
    event.preventDefault();
    keys[event.key]();
    hideTip();
  });
  for (const button of document.querySelectorAll("[data-do]"))
    button.addEventListener("click", () => actions[button.dataset.do]());

  // A wheel over a timeline that nobody has chosen scrolls the page.
  canvas.addEventListener("wheel", event => {
    const isPan = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
    if (!isPan && !event.ctrlKey && document.activeElement !== canvas)
      return;
    event.preventDefault();
    hideTip();
    const by = (event.deltaX || event.deltaY) / width * (to - from);
    if (isPan)
      show(from + by, to + by);
    else
      zoom(Math.exp(event.deltaY * 0.0025), time(event.clientX - canvas.getBoundingClientRect().left));
  }, { passive: false });

  let drag = null;
  canvas.addEventListener("pointerdown", event => {
    drag = { px: event.clientX, from, to, moved: false };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", event => {
    if (drag && Math.abs(event.clientX - drag.px) > 3) {
      drag.moved = true;
      const by = (event.clientX - drag.px) / (width - gutter - inset) * (drag.to - drag.from);
      show(drag.from - by, drag.to - by);
      return hideTip();
    }
    const i = leaseAt(event);
    if (i < 0)
      hideTip();
    else
      showTip(i);
  });
  canvas.addEventListener("pointerup", event => {
    const i = drag?.moved ? -1 : leaseAt(event);
    drag = null;
    if (i >= 0)
      choose(i);
  });
  canvas.addEventListener("pointercancel", () => drag = null);
  canvas.addEventListener("pointerleave", hideTip);

  const table = openTable(leases, elapsed, ending, () => chosen, i => {
    choose(i);
    canvas.focus();
    canvas.scrollIntoView({ block: "nearest" });
  });

  readColours();
  draw();
  new ResizeObserver(redraw).observe(canvas.parentElement);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    readColours();
    redraw();
  });
})();
