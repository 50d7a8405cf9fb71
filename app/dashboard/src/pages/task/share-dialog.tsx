/** A link to one task for those who do not sign in, and its badge. */

import { useState } from "react";
import { ApiError, api } from "../../api/client";
import type { Share } from "../../api/types";
import { formatFullTime } from "../../domain/format";
import { Dialog } from "../../ui/dialog";
import { CopyButton } from "../../ui/parts";
import { usePreferences } from "../../ui/preferences";

const DAY_SECONDS = 86_400;
const DAYS = { day: 1, week: 7, month: 30 } as const;
type Period = keyof typeof DAYS;

type Step = { kind: "asking" } | { kind: "working" } | { kind: "made"; share: Share } | { kind: "taken-back" } | { kind: "failed"; error: unknown };

export default function ShareDialog({ taskId, name, onClose }: { taskId: string; name: string; onClose: () => void }) {
  const { text, language } = usePreferences();
  const [period, setPeriod] = useState<Period>("week");
  const [step, setStep] = useState<Step>({ kind: "asking" });
  const run = (work: () => Promise<Step>) => {
    setStep({ kind: "working" });
    void work().then(setStep, (error: unknown) => setStep({ kind: "failed", error }));
  };
  const make = () => run(async () => ({ kind: "made", share: await api.share(taskId, DAYS[period] * DAY_SECONDS) }));
  const takeBack = () => run(async () => (await api.unshare(taskId), { kind: "taken-back" }));
  const working = step.kind === "working";
  return (
    <Dialog title={text.share.title} open onClose={onClose}>
      <p className="action-meaning">{text.share.meaning}</p>
      <p className="share-period">
        <label>
          {text.share.good}{" "}
          <select value={period} onChange={(event) => setPeriod(event.target.value as Period)} disabled={working}>
            {(Object.keys(DAYS) as Period[]).map((each) => <option key={each} value={each}>{text.share[each]}</option>)}
          </select>
        </label>
      </p>
      <div role="status">
        {step.kind === "made" && (
          <>
            <Copied name={text.share.link} value={absolute(step.share.path)} />
            <Copied name={text.share.badge} value={badge(name, step.share)} />
            <p className="quiet">{text.share.ends(formatFullTime(Date.parse(step.share.expires_at), language))}</p>
          </>
        )}
        {step.kind === "taken-back" && <p>{text.share.takenBack}</p>}
        {step.kind === "failed" && <p>{text.share.failed(reason(step.error, text.failure))}</p>}
      </div>
      <footer className="dialog-foot">
        <button type="button" className="button button-quiet" onClick={takeBack} disabled={working}>{text.share.takeBack}</button>
        <button type="button" data-autofocus className="button button-primary" onClick={make} disabled={working}>{working ? text.share.making : text.share.make}</button>
      </footer>
    </Dialog>
  );
}

function Copied({ name, value }: { name: string; value: string }) {
  const { text } = usePreferences();
  return (
    <p className="share-value">
      <label>
        {name}
        <input type="text" readOnly value={value} onFocus={(event) => event.target.select()} />
      </label>
      <CopyButton value={value} label={`${text.share.copy}: ${name}`} className="button button-icon" />
    </p>
  );
}

const absolute = (path: string): string => new URL(path, location.origin).href;

/** A name may hold what Markdown takes for its own. */
const badge = (name: string, share: Share): string => `[![${name.replace(/[\\[\]`*_<>!]/g, "\\$&")}](${absolute(share.badge_path)})](${absolute(share.path)})`;

function reason(error: unknown, words: Record<ApiError["kind"], string>): string {
  if (!(error instanceof ApiError)) return String(error);
  return error.kind === "request" || error.kind === "server" ? error.message : words[error.kind];
}
