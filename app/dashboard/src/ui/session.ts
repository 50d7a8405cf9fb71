/** Who is at the page, for its parts. */

import { useSyncExternalStore } from "react";
import { session } from "../api/client";
import type { SessionState } from "../api/session";

const nobody: SessionState = { kind: "nobody" };
const never = (): (() => void) => () => undefined;

export const useSession = (): SessionState => useSyncExternalStore(session?.subscribe ?? never, session?.state ?? (() => nobody));
