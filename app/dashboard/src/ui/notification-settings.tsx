/** Which ends of tasks the system is to tell of while nobody looks at the page. */

import { useId, useState } from "react";
import { Dialog } from "./dialog";
import { usePreferences, type Notify } from "./preferences";
import { allowed, askToNotify } from "./notify";

const CHOICES: readonly Notify[] = ["off", "failed", "ended"];

export default function NotificationSettings({ onClose }: { onClose: () => void }) {
  const { text, notify, setNotify } = usePreferences();
  const [state, setState] = useState(allowed);
  const name = useId();
  const choose = (choice: Notify) => {
    setNotify(choice);
    if (choice !== "off") void askToNotify().then(setState);
  };
  return (
    <Dialog title={text.notify.title} open onClose={onClose}>
      <p className="action-meaning">{text.notify.meaning}</p>
      <div className="choices" role="radiogroup" aria-label={text.notify.title}>
        {CHOICES.map((choice) => (
          <label key={choice} className="choice-line">
            <input type="radio" name={name} checked={notify === choice} onChange={() => choose(choice)} />
            {text.notify.choice[choice]}
          </label>
        ))}
      </div>
      {notify !== "off" && state !== "granted" && <p className="overdue" role="status">{state === "denied" ? text.notify.denied : state === "none" ? text.notify.none : text.notify.asking}</p>}
      <p className="quiet">{text.notify.single}</p>
    </Dialog>
  );
}
