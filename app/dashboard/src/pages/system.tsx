/** How the system is, as seen from this page: freshness, cache, API, and what waits. Every figure says what it was made of. */

import "../styles/system.css";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { api } from "../api/client";
import { observations } from "../api/observations";
import { useConnection, useData } from "../data/context";
import { useProjects, useTaskList } from "../data/queries";
import { formatAge, formatDuration, formatNumber } from "../domain/format";
import { stalledFor, sumCounts } from "../domain/list";
import { cacheUse, quantile } from "../domain/figures";
import { useLocalNow, useNow } from "../ui/clock";
import { useFavicon, useTitle } from "../ui/page-signs";
import { usePreferences } from "../ui/preferences";

/** How often health is asked for: it reads the table and the cache. */
const HEALTH_MS = 10_000;

export default function SystemPage() {
  const { text, language } = usePreferences();
  const words = text.system;
  const { push } = useData();
  const connection = useConnection();
  const localNow = useLocalNow();
  const now = useNow();
  useTitle(`${text.nav.system} · Miyabi`);
  useFavicon(null);
  const health = useQuery({ queryKey: ["health"], queryFn: ({ signal }) => api.health(signal), refetchInterval: HEALTH_MS });
  const { tasks } = useTaskList({});
  const { projects } = useProjects();
  const { answers, arrivals } = observations();

  const age = connection.lastSuccess === null ? null : localNow - connection.lastSuccess;
  const lags = arrivals.map((arrival) => arrival.ms);
  const times = answers.map((answer) => answer.ms);
  const cache = cacheUse(answers);
  const errors = answers.filter((answer) => answer.status >= 500).length;
  const counts = sumCounts(projects.map((project) => project.counts));
  const queued = tasks.filter((task) => task.status === "queued");
  const oldest = queued.reduce<string | null>((first, task) => (first === null || task.created_at < first ? task.created_at : first), null);
  const running = tasks.filter((task) => task.status === "running");
  const stalled = running.filter((task) => stalledFor(task, now) !== null).length;
  const watched = running.filter((task) => task.heartbeat_at !== null).length;
  const ms = (value: number | null) => (value === null ? text.task.none : value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`);
  const number = (value: number) => formatNumber(value, language);

  return (
    <div className="page">
      <h1 className="page-title">{text.nav.system}</h1>
      <div className="figures">
        <Card title={words.freshness} value={age === null ? text.task.none : age < 1500 ? text.list.now : text.list.changed(formatAge(age, language))} note={push.tellsAll() ? words.bySocket : words.byPolling}>
          <Row name={words.lagMedian}>{ms(quantile(lags, 0.5))}</Row>
          <Row name={words.lagSlow}>{ms(quantile(lags, 0.99))}</Row>
          <Row name={words.lagCount}>{number(lags.length)}</Row>
          <Trend values={lags.slice(-60)} label={words.lagTrend} />
        </Card>
        <Card title={words.health} value={health.data ? words.status[health.data.status] : health.error ? words.unknown : text.task.none} note={words.healthNote} tone={health.data?.status === "ok" ? "succeeded" : health.error || health.data?.status === "down" ? "failed" : health.data ? "queued" : undefined}>
          <Row name={words.table}>{health.data?.table ? words.part[health.data.table] : text.task.none}</Row>
          <Row name={words.cache}>{health.data?.cache ? words.part[health.data.cache] : text.task.none}</Row>
          <Row name={words.socket}>{push.tellsAll() ? words.part.ok : words.part.none}</Row>
        </Card>
        <Card title={words.cacheUse} value={cache.rate === null ? text.task.none : `${Math.round(cache.rate * 100)}%`} note={words.cacheNote(number(cache.hit + cache.miss + cache.bypass))}>
          <Row name={words.hits}>{number(cache.hit)}</Row>
          <Row name={words.misses}>{number(cache.miss)}</Row>
          <Row name={words.bypassed}>{number(cache.bypass)}</Row>
          <Row name={words.unchanged}>{number(cache.unchanged)}</Row>
        </Card>
        <Card title={words.api} value={ms(quantile(times, 0.5))} note={words.apiNote(number(times.length))}>
          <Row name={words.slow}>{ms(quantile(times, 0.95))}</Row>
          <Row name={words.slowest}>{ms(quantile(times, 1))}</Row>
          <Row name={words.errors}>{number(errors)}</Row>
          <Trend values={times.slice(-60)} label={words.apiTrend} />
        </Card>
        <Card title={words.waiting} value={number(Math.max(counts.queued, queued.length))} note={oldest === null ? words.nothingWaits : words.longest(formatDuration(now - Date.parse(oldest), language))} tone={queued.length > 0 ? "queued" : undefined}>
          <p className="figure-link"><Link href="/?status=queued">{words.showWaiting}</Link></p>
        </Card>
        <Card title={words.runners} value={number(running.length)} note={words.runnersNote(number(watched))} tone={stalled > 0 ? "queued" : undefined}>
          <Row name={text.stalled.word}>{number(stalled)}</Row>
          <p className="figure-link"><Link href="/?status=running">{words.showRunning}</Link></p>
        </Card>
      </div>
      <p className="quiet figures-note">{words.scope}</p>
    </div>
  );
}

function Card({ title, value, note, tone, children }: { title: string; value: string; note: string; tone?: "succeeded" | "failed" | "queued" | undefined; children: ReactNode }) {
  return (
    <section className={tone === undefined ? "figure" : `figure status-${tone}`}>
      <h2>{title}</h2>
      <p className="figure-value numeric">{value}</p>
      <p className="quiet">{note}</p>
      <div className="figure-rows">{children}</div>
    </section>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <p className="figure-row">
      <span>{name}</span>
      <span className="numeric">{children}</span>
    </p>
  );
}

/** The newest values as columns; the highest fills the height. */
function Trend({ values, label }: { values: readonly number[]; label: string }) {
  const highest = Math.max(...values, 1);
  return (
    <svg className="trend" viewBox="0 0 240 36" preserveAspectRatio="none" role="img" aria-label={label}>
      {values.map((value, index) => {
        const height = Math.max(1.5, (value / highest) * 34);
        // oxlint-disable-next-line react/no-array-index-key
        return <rect key={index} x={(60 - values.length + index) * 4} y={36 - height} width="3" height={height} />;
      })}
    </svg>
  );
}
