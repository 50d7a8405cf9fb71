/** How fresh the page is: a word in the head of the page, and a banner when the API does not answer. */

import { useEffect, useState, useSyncExternalStore } from "react";
import { useIsFetching } from "@tanstack/react-query";
import { Link } from "wouter";
import { freshness, type Freshness } from "../data/connection";
import { useConnection, useData } from "../data/context";
import { formatAge } from "../domain/format";
import { useLocalNow } from "./clock";
import { AlertIcon } from "./icons";
import { usePreferences } from "./preferences";

function subscribeOnline(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}

function useOnline(): boolean {
  return useSyncExternalStore(subscribeOnline, () => navigator.onLine);
}

function useFreshness(): Freshness {
  const { connection: monitor, push } = useData();
  const connection = useConnection();
  const online = useOnline();
  const now = useLocalNow();
  const told = useSyncExternalStore(push.subscribe, push.tellsAll);
  const reading = useIsFetching() > 0;
  return freshness(connection, now, online, monitor.pace, { told, reading });
}

export function FreshnessIndicator() {
  const { language, text } = usePreferences();
  const { connection: monitor } = useData();
  const connection = useConnection();
  const now = useLocalNow();
  const state = useFreshness();
  const age = formatAge(now - (connection.lastSuccess ?? now), language);
  useEffect(() => {
    document.documentElement.dataset["freshness"] = state;
  }, [state]);
  const words = {
    connecting: text.freshness.connecting,
    live: text.freshness.live,
    polling: text.freshness.polling,
    "catching-up": text.freshness.catchingUp,
    delayed: text.freshness.delayed(age),
    offline: text.freshness.offline,
    failing: connection.lastSuccess === null ? text.freshness.failingNever : text.freshness.failing(age),
  }[state];
  return (
    <Link href="/system" className={`freshness freshness-${state}`} data-state={state} title={connection.lastSuccess === null ? undefined : state === "live" ? text.freshness.told(age) : text.freshness.detail(age, Math.round(monitor.pace / 1000))}>
      <span className="freshness-dot" aria-hidden="true" />
      <span className="freshness-text">{words}</span>
    </Link>
  );
}

/** Says what is wrong, how old the shown data is and when the next try is due. */
export function ConnectionBanner() {
  const { language, text } = usePreferences();
  const { queries } = useData();
  const connection = useConnection();
  const now = useLocalNow();
  const state = useFreshness();
  const [retrying, setRetrying] = useState(false);
  if (state !== "failing" && state !== "offline") return null;
  const retry = () => {
    setRetrying(true);
    void queries.refetchQueries({ type: "active" }).finally(() => setRetrying(false));
  };
  const error = connection.error;
  return (
    <div className="banner" role="alert">
      <AlertIcon />
      <p>
        <strong>{state === "offline" ? text.failure.offline : text.failure[error?.kind ?? "unreachable"]}</strong>{" "}
        {error?.kind === "server" && <span className="banner-detail">{error.message} </span>}
        {connection.lastSuccess !== null && <span>{text.banner.keeping(formatAge(now - connection.lastSuccess, language))} </span>}
        {error?.requestId && (
          <span className="banner-detail">
            {text.banner.request} <code>{error.requestId}</code>
          </span>
        )}
      </p>
      <button type="button" className="button" onClick={retry} disabled={retrying}>
        {retrying ? text.banner.retrying : text.banner.retry}
      </button>
    </div>
  );
}
