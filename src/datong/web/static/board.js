// Charts beside their tables. Without this script the tables say the same.

const COLOURS = ["#0a4ea3", "#2f7d32", "#8a4b08", "#6b3fa0", "#5f6b7a"];

function optionOf(drawn, name) {
  const text = { fontFamily: "system-ui, 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif", color: "#1d2b3a" };
  const shared = { color: COLOURS, textStyle: text, animation: false, title: { text: name, left: "center", textStyle: { fontSize: 15 } } };
  if (drawn.kind === "pie") {
    const data = drawn.names.map((one, at) => ({ name: one, value: drawn.rows[0].values[at] }));
    return { ...shared, series: [{ type: "pie", radius: "60%", data, label: { formatter: "{b} {c} ({d}%)" } }] };
  }
  const series = drawn.rows.map((row) => ({ name: row.name, type: drawn.kind, data: row.values, ...(drawn.kind === "bar" ? { stack: "all" } : {}) }));
  return {
    ...shared,
    legend: { bottom: 0 },
    grid: { left: 48, right: 16, top: 40, bottom: drawn.kind === "bar" ? 96 : 56 },
    xAxis: { type: "category", data: drawn.names, axisLabel: drawn.kind === "bar" ? { rotate: 45 } : {} },
    yAxis: { type: "value", minInterval: 1 },
    series,
  };
}

for (const figure of document.querySelectorAll("figure[data-chart]")) {
  if (!window.echarts) break;
  const place = figure.querySelector(".chart-place");
  const tools = figure.querySelector(".chart-tools");
  place.hidden = false;
  tools.hidden = false;
  const chart = window.echarts.init(place, null, { renderer: "svg" });
  const option = optionOf(JSON.parse(figure.dataset.chart), figure.dataset.name);
  chart.setOption(option);
  new ResizeObserver(() => chart.resize()).observe(place);
  tools.querySelector("[data-chart-save]").addEventListener("click", (event) => {
    // Drawn again at the size of a page, so that what is saved does not depend on the window.
    const page = window.echarts.init(null, null, { renderer: "svg", ssr: true, width: 960, height: 540 });
    page.setOption(option);
    const text = page.renderToSVGString();
    page.dispose();
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "image/svg+xml;charset=utf-8" }));
    link.download = `${event.currentTarget.dataset.chartSave}.svg`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  });
}
