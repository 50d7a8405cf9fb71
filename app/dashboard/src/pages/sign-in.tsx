/** The way in, for who is not signed in: why, and what to do. */

import { useState } from "react";
import { session } from "../api/client";
import type { SessionState } from "../api/session";
import { Mark } from "../ui/icons";
import { useText } from "../ui/preferences";

export default function SignInPage({ state }: { state: Extract<SessionState, { kind: "out" }> }) {
  const text = useText();
  const [leaving, setLeaving] = useState(false);
  const signIn = () => {
    setLeaving(true);
    void session?.signIn().finally(() => setLeaving(false));
  };
  return (
    <main className="page state sign-in" id="content">
      <p><Mark size={44} /></p>
      <h1>{text.session.title[state.reason]}</h1>
      <p>{state.canSignIn ? text.session.meaning[state.reason] : text.session.noWay}</p>
      {state.detail !== null && <p className="quiet" role="alert">{state.detail}</p>}
      {state.canSignIn && (
        <p className="state-actions">
          <button type="button" className="button button-primary" onClick={signIn} disabled={leaving}>{leaving ? text.session.leaving : text.session.signIn}</button>
        </p>
      )}
    </main>
  );
}
