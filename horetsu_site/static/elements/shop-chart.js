/* <shop-chart kind="lines|stack|band|radar|warmth" data-from="id of its json" data-says="…">

   Draws one picture of figures with Chart.js (global `Chart`, loaded before this) in the colours
   of tokens.css. It does not move, follows the scheme and the width, and its table stands beside
   it in templates/_chart.html; the shape of the json is made in crm/figures/charts.py. */

const SCHEME = matchMedia("(prefers-color-scheme: dark)");
const CONTRAST = matchMedia("(prefers-contrast: more)");
const TONES = { level: "control" }; // where a tone and its custom property differ in name
const DASHES = [[], [6, 4], [2, 3], [10, 3, 2, 3], [14, 5]];
const DAY = 86400000;

class ShopChart extends HTMLElement {
  #chart = null;
  #stop = null;

  connectedCallback() {
    this.#stop = new AbortController();
    const again = () => this.#draw();
    SCHEME.addEventListener("change", again, { signal: this.#stop.signal });
    CONTRAST.addEventListener("change", again, { signal: this.#stop.signal });
    this.#draw();
  }

  disconnectedCallback() {
    this.#stop.abort();
    this.#chart?.destroy();
  }

  #draw() {
    const data = JSON.parse(document.getElementById(this.dataset.from).textContent);
    const kind = this.getAttribute("kind");
    this.toggleAttribute("single", data.labels?.length === 1);
    this.#chart?.destroy();
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", this.dataset.says);
    this.replaceChildren(canvas);
    const paint = paintOf(this);
    this.#chart = new Chart(canvas, withManners(KINDS[kind](data, paint), paint));
  }
}

/* The colours, the type and the numbers of this page. */
function paintOf(element) {
  const style = getComputedStyle(element);
  const colour = (name) => style.getPropertyValue(`--${TONES[name] ?? name}`).trim();
  const language = document.documentElement.lang;
  return {
    colour,
    // A wash of a colour, for areas: calmer than the colour itself.
    wash: (name, strength) => colour(name) + Math.round(strength * 255).toString(16).padStart(2, "0"),
    font: { family: style.fontFamily, size: parseFloat(style.fontSize) },
    number: new Intl.NumberFormat(language, { maximumFractionDigits: 1 }),
    month: new Intl.DateTimeFormat(language, { month: "short", timeZone: "UTC" }),
    day: new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }),
  };
}

/* What every picture has in common. */
function withManners(config, paint) {
  const { options, ...rest } = config;
  return {
    ...rest,
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      font: paint.font,
      interaction: { mode: "index", intersect: false },
      ...options,
      plugins: {
        legend: { display: false },
        tooltip: {
          backgroundColor: paint.colour("ink"),
          titleColor: paint.colour("ground"),
          bodyColor: paint.colour("ground"),
          titleFont: { ...paint.font, weight: 400 },
          bodyFont: paint.font,
          cornerRadius: 4,
          padding: 10,
          displayColors: false,
          ...options.plugins?.tooltip,
        },
      },
    },
  };
}

/* An axis: words in the third ink, a hairline for the grid. */
function axis(paint, { grid = false, ...more } = {}) {
  const { ticks, ...rest } = more;
  return {
    grid: { color: paint.colour("line"), display: grid, drawTicks: false },
    border: { color: paint.colour("control"), display: !grid },
    ticks: {
      color: paint.colour("ink-3"),
      font: paint.font,
      maxRotation: 0,
      autoSkipPadding: 12,
      padding: 6,
      ...ticks,
    },
    ...rest,
  };
}

function signed(paint) {
  return (value) => (value > 0 ? `+${paint.number.format(value)}` : paint.number.format(value).replace("-", "−"));
}

const KINDS = {
  lines({ labels, series, low, high }, paint) {
    const datasets = series.map((one, at) => ({
      label: one.name,
      data: one.values,
      borderColor: paint.colour(one.tone),
      borderWidth: 2.5,
      borderDash: DASHES[at % DASHES.length],
      pointRadius: labels.length > 24 ? 0 : 3,
      pointBackgroundColor: paint.colour("surface"),
      pointBorderColor: paint.colour(one.tone),
      spanGaps: false,
    }));
    const y = axis(paint, { grid: true, min: low ?? undefined, max: high ?? undefined, ticks: { maxTicksLimit: 6 } });
    return { type: "line", data: { labels, datasets }, options: { scales: { x: axis(paint), y } } };
  },

  stack({ labels, series }, paint) {
    const datasets = series.map((one) => ({
      label: one.name,
      data: one.values,
      backgroundColor: paint.wash(one.tone, 0.82),
      hoverBackgroundColor: paint.colour(one.tone),
      borderColor: paint.colour("surface"), // the gap that tells the layers apart without colour
      borderWidth: { top: 1.5, bottom: 0, left: 0, right: 0 },
      borderSkipped: false,
      categoryPercentage: 0.95,
      barPercentage: 0.75,
    }));
    const scales = {
      x: axis(paint, { stacked: true }),
      y: axis(paint, { stacked: true, grid: true, beginAtZero: true, ticks: { maxTicksLimit: 5, precision: 0 } }),
    };
    return { type: "bar", data: { labels, datasets }, options: { scales, plugins: { tooltip: { reverse: true, itemSort: (a, b) => b.datasetIndex - a.datasetIndex } } } };
  },

  band({ labels, series: [one], low, high }, paint) {
    return labels.length === 1 ? lyingBand(one, low, high, paint) : standingBands(labels, one, low, high, paint);
  },

  radar({ labels, series, low, high }, paint) {
    const datasets = series.map((one, at) => ({
      label: one.name,
      data: one.values,
      borderColor: paint.colour(one.tone),
      backgroundColor: at === 0 ? "transparent" : paint.wash(one.tone, 0.14),
      borderWidth: 2.5,
      borderDash: at === 0 ? DASHES[1] : [],
      pointRadius: 4,
      pointBackgroundColor: at === 0 ? paint.colour("surface") : paint.colour(one.tone),
      pointBorderColor: paint.colour(one.tone),
    }));
    const r = {
      min: low,
      max: high,
      grid: { color: paint.colour("line") },
      angleLines: { color: paint.colour("line") },
      pointLabels: { color: paint.colour("ink-2"), font: paint.font },
      ticks: { color: paint.colour("ink-3"), font: paint.font, backdropColor: "transparent", stepSize: (high - low) / 2 },
    };
    return { type: "radar", data: { labels, datasets }, options: { scales: { r } } };
  },

  warmth({ curve, events }, paint) {
    const at = (day) => Date.parse(`${day}T00:00Z`);
    const marks = (areWords) => ({
      type: "scatter",
      data: events.filter((event) => event.is_words === areWords).map((event) => ({ x: at(event.on), y: event.value, what: event.what })),
      pointRadius: 5,
      pointHoverRadius: 7,
      pointBorderWidth: 2.5,
      pointBackgroundColor: paint.colour(areWords ? "warm" : "surface"),
      pointBorderColor: paint.colour(areWords ? "warm" : "ink-2"),
      clip: false,
      order: 0,
    });
    const line = {
      data: curve.map(([day, value]) => ({ x: at(day), y: value })),
      borderColor: paint.colour("warm"),
      borderWidth: 2.5,
      borderJoinStyle: "round",
      backgroundColor: paint.colour("warm-wash"),
      fill: "origin",
      pointRadius: 0,
      pointHitRadius: 0,
      clip: false, // today stands on the edge
      order: 1,
    };
    const scales = {
      x: axis(paint, {
        type: "linear",
        min: line.data.at(0)?.x,
        max: line.data.at(-1)?.x,
        afterBuildTicks: (scale) => (scale.ticks = months(scale.min, scale.max, Math.floor(scale.width / (paint.font.size * 4)))),
        ticks: { callback: (value) => paint.month.format(value), autoSkip: false },
      }),
      y: { display: false, beginAtZero: true, grace: "12%" },
    };
    const tooltip = {
      callbacks: { title: ([point]) => (point ? paint.day.format(point.parsed.x) : ""), label: (point) => point.raw.what },
      filter: (point) => point.raw.what !== undefined,
    };
    return { type: "line", data: { datasets: [marks(true), marks(false), line] }, options: { scales, interaction: { mode: "nearest", intersect: true }, plugins: { tooltip }, layout: { padding: { top: 8, right: 8 } } } };
  },
};

/* One figure on a line from end to end. */
function lyingBand(one, low, high, paint) {
  const [value, from, to] = [one.values[0], one.low[0], one.high[0]];
  const flat = { showLine: true, pointRadius: 0, pointHitRadius: 0 };
  const datasets = [
    { ...flat, showLine: false, data: [{ x: value, y: 0 }], pointRadius: 8, pointHoverRadius: 8, pointBackgroundColor: paint.colour(one.tone), pointBorderColor: paint.colour(one.tone) },
    { ...flat, data: [{ x: from, y: 0 }, { x: to, y: 0 }], borderColor: paint.wash(one.tone, 0.28), borderWidth: 14, borderCapStyle: "butt" },
    { ...flat, data: [{ x: low, y: 0 }, { x: high, y: 0 }], borderColor: paint.colour("control"), borderWidth: 1 },
  ];
  const scales = {
    x: axis(paint, { min: low, max: high, ticks: { callback: signed(paint), stepSize: (high - low) / 2, align: "inner" } }),
    y: { display: false, min: -1, max: 1 },
  };
  scales.x.border.display = false;
  return { type: "scatter", data: { datasets }, options: { scales, events: [] } };
}

/* The same figure over time: a point for each, and how sure it was behind it. */
function standingBands(labels, one, low, high, paint) {
  const datasets = [
    { type: "line", label: one.name, data: one.values, showLine: false, pointRadius: 5, pointHoverRadius: 6, pointBackgroundColor: paint.colour(one.tone), pointBorderColor: paint.colour(one.tone) },
    { label: "", data: one.low.map((from, at) => (from === null ? null : [from, one.high[at]])), backgroundColor: paint.wash(one.tone, 0.28), hoverBackgroundColor: paint.wash(one.tone, 0.28), maxBarThickness: 14 },
  ];
  const said = signed(paint);
  const scales = {
    x: axis(paint),
    y: axis(paint, { grid: true, min: low, max: high, ticks: { callback: said, stepSize: (high - low) / 4 } }),
  };
  const label = ({ datasetIndex, dataIndex, raw }) => (datasetIndex === 0 ? said(raw) : `${said(one.low[dataIndex])} – ${said(one.high[dataIndex])}`);
  return { type: "bar", data: { labels, datasets }, options: { scales, plugins: { tooltip: { callbacks: { label } } } } };
}

/* The firsts of months between two moments, thinned so that at most `most` are named. */
function months(from, to, most) {
  const firsts = [];
  const first = new Date(from);
  for (let month = first.getUTCMonth() + 1; ; month += 1) {
    const value = Date.UTC(first.getUTCFullYear(), month, 1);
    if (value > to) break;
    firsts.push({ value });
  }
  // A short history names its two ends instead.
  if (firsts.length === 0) return to - from > DAY ? [{ value: from }, { value: to }] : [{ value: from }];
  const step = Math.ceil(firsts.length / Math.max(most, 1));
  return firsts.filter((_, at) => at % step === 0);
}

customElements.define("shop-chart", ShopChart);
