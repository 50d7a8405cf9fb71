/** Progress over time, as a small chart of its own making. */

import { useLayoutEffect, useMemo, useRef, useState, type PointerEvent } from "react";
import type { HistoryPoint, TaskDetail } from "../../api/types";
import { progressChart, type ProgressChart } from "../../domain/chart";
import { formatDuration, formatMark, formatNumber } from "../../domain/format";
import { axisStep } from "../../domain/steps";
import { useNowWhile } from "../../ui/clock";
import { usePreferences } from "../../ui/preferences";

const HEIGHT = 168;
const INSET = { top: 10, right: 10, bottom: 24, left: 38 };

export function HistoryChart({ task, points }: { task: TaskDetail; points: readonly HistoryPoint[] }) {
  const { text, language } = usePreferences();
  const running = task.status === "running";
  const now = useNowWhile(running);
  const end = task.finished_at === null ? (running ? now : 0) : Date.parse(task.finished_at);
  const start = task.started_at === null ? null : Date.parse(task.started_at);
  const chart = useMemo(() => progressChart(points, task.attempt, start, end), [points, task.attempt, start, end]);
  const last = chart?.points.at(-1);
  const value = (level: number, of: ProgressChart) =>
    of.unit === "percent" ? `${Math.round(level * 100)}%` : `${formatNumber(Math.round(level * of.highest), language)} ${text.chart.units}`;
  return (
    <section className="panel chart-panel" aria-labelledby="chart-title">
      <header className="panel-head">
        <h2 id="chart-title">{text.chart.title}</h2>
      </header>
      {chart && last ? (
        <Plot chart={chart} status={task.status} running={running} value={value} label={text.chart.summary(value(last.level, chart), formatDuration(chart.end - chart.start, language), chart.points.length)} />
      ) : (
        <p className="panel-empty">{text.chart.empty}</p>
      )}
    </section>
  );
}

interface PlotProperties {
  chart: ProgressChart;
  status: string;
  running: boolean;
  label: string;
  value: (level: number, of: ProgressChart) => string;
}

function Plot({ chart, status, running, label, value }: PlotProperties) {
  const { text, language } = usePreferences();
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(360);
  const [pointed, setPointed] = useState<number | null>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    setWidth(element.clientWidth);
    return () => observer.disconnect();
  }, []);

  const innerWidth = Math.max(10, width - INSET.left - INSET.right);
  const innerHeight = HEIGHT - INSET.top - INSET.bottom;
  const span = chart.end - chart.start;
  const x = (time: number) => INSET.left + ((time - chart.start) / span) * innerWidth;
  const y = (level: number) => INSET.top + (1 - level) * innerHeight;

  // Steps, not slopes: between two readings nothing is known but the earlier one.
  const first = chart.points[0];
  let line = first ? `M${x(chart.start).toFixed(1)} ${y(0).toFixed(1)}H${x(first.time).toFixed(1)}V${y(first.level).toFixed(1)}` : "";
  for (const point of chart.points.slice(1)) line += `H${x(point.time).toFixed(1)}V${y(point.level).toFixed(1)}`;
  const lastPoint = chart.points.at(-1);
  line += `H${x(chart.end).toFixed(1)}`;
  const area = `${line}V${y(0).toFixed(1)}H${x(chart.start).toFixed(1)}Z`;

  const step = axisStep(span, Math.max(2, Math.floor(innerWidth / 90)));
  const marks: number[] = [];
  for (let at = 0; at <= span; at += step) marks.push(at);

  const onPointer = (event: PointerEvent<SVGSVGElement>) => {
    const bounds = event.currentTarget.getBoundingClientRect();
    const time = chart.start + ((event.clientX - bounds.left - INSET.left) / innerWidth) * span;
    setPointed(Math.min(chart.end, Math.max(chart.start, time)));
  };
  const hit = pointed === null ? undefined : chart.points.findLast((point) => point.time <= pointed);
  const hitLevel = hit?.level ?? 0;
  return (
    <div className={`plot status-${status}`}>
      <div ref={box} className="plot-box">
      <svg width={width} height={HEIGHT} role="img" aria-label={label} onPointerMove={onPointer} onPointerLeave={() => setPointed(null)}>
        {chart.phases.map((band, index) => {
          const left = x(band.start);
          const bandWidth = Math.max(0, x(band.end) - left);
          return (
            <g key={`${band.phase}:${band.start}`} className={index % 2 === 1 ? "band band-odd" : "band"}>
              <rect x={left} y={INSET.top} width={bandWidth} height={innerHeight} />
              {bandWidth > band.phase.length * 6.5 + 12 && <text x={left + 6} y={INSET.top + 13}>{band.phase}</text>}
            </g>
          );
        })}
        {[0, 0.5, 1].map((level) => (
          <g key={level} className="grid">
            <line x1={INSET.left} x2={width - INSET.right} y1={y(level)} y2={y(level)} />
            <text x={INSET.left - 7} y={y(level) + 3.5} textAnchor="end">{chart.unit === "percent" ? `${level * 100}%` : formatNumber(Math.round(level * chart.highest), language)}</text>
          </g>
        ))}
        {marks.map((at) => (
          <text key={at} className="axis" x={x(chart.start + at)} y={HEIGHT - 7} textAnchor={at === 0 ? "start" : x(chart.start + at) > width - 56 ? "end" : "middle"}>
            {formatMark(at, language)}
          </text>
        ))}
        <path className="area" d={area} />
        <path className="line" d={line} />
        {lastPoint && <circle className={running ? "tip tip-live" : "tip"} cx={x(chart.end)} cy={y(lastPoint.level)} r="3.5" />}
        {pointed !== null && (
          <g className="pointer">
            <line x1={x(pointed)} x2={x(pointed)} y1={INSET.top} y2={y(0)} />
            <circle cx={x(pointed)} cy={y(hitLevel)} r="3.5" />
          </g>
        )}
      </svg>
      </div>
      <p className="plot-note" aria-hidden="true">
        {pointed === null ? label : `${text.chart.at(value(hitLevel, chart), formatDuration(pointed - chart.start, language))}${hit?.point.phase ? ` · ${hit.point.phase}` : ""}`}
      </p>
    </div>
  );
}
