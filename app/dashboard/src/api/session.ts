/**
 * Who is at the page: a person of the deployment's issuer (code and PKCE, RFC 7636), the holder of a link to one task, or
 * nobody in particular where the API asks nobody.
 *
 * Nothing is asked before the API asks: only its 401 has the page look for how people sign in (`/config.json`). Tokens are
 * kept in the tab's own storage. They outlive a reload there and no more: another tab comes in by the issuer's own session,
 * without a password, and nothing lies on the disk for the next person at the machine. What guards them from scripts is the
 * page's policy, which lets none run but its own.
 */

/** What a deployment tells before it knows who asks. */
interface PublicConfig {
  sign_in?: { issuer: string; client_id: string; scopes: string[]; audience?: string };
}

type SignInConfig = NonNullable<PublicConfig["sign_in"]>;

interface Tokens {
  access: string;
  refresh: string | null;
  /** Local time at which the access token ends. */
  endsAt: number;
  /** Who it is, for the eyes of that one only: the API looks at the access token. */
  name: string | null;
}

/** What was asked of the issuer, to be compared with what comes back. */
interface Asked {
  state: string;
  verifier: string;
  /** Where the page was. */
  place: string;
}

/** Why nobody is signed in. */
export type SignOutReason = "asked" | "ended" | "refused" | "unreachable" | "link";

export type SessionState =
  | { kind: "nobody" }
  | { kind: "person"; name: string | null }
  | { kind: "link" }
  | { kind: "out"; reason: SignOutReason; canSignIn: boolean; detail: string | null };

const TOKENS = "miyabi.tokens";
const ASKED = "miyabi.asked";
const LINK = "miyabi.link";
/** A token is renewed so long before it ends: clocks differ, and a request takes its time. */
const AHEAD_MS = 60_000;
const TIMEOUT_MS = 10_000;

export class Session {
  #state: SessionState = { kind: "nobody" };
  #tokens: Tokens | null = null;
  #link: string | null = null;
  #renewal: Promise<boolean> | null = null;
  #listeners = new Set<() => void>();

  constructor(
    private readonly storage: Storage,
    private readonly place: Pick<Location, "origin" | "pathname" | "search" | "assign">,
  ) {}

  state = (): SessionState => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Takes up what the address and the tab hold. Gives the place to show where it is another one than the address says. */
  async begin(): Promise<string | null> {
    const parameters = new URLSearchParams(this.place.search);
    const link = parameters.get("share");
    if (link !== null) this.storage.setItem(LINK, JSON.stringify({ path: this.place.pathname, token: link }));
    const kept = read<{ path: string; token: string }>(this.storage, LINK);
    if (kept?.path === this.place.pathname) {
      this.#link = kept.token;
      this.#set({ kind: "link" });
      return null;
    }
    this.#tokens = read<Tokens>(this.storage, TOKENS);
    if (this.#tokens !== null) this.#set({ kind: "person", name: this.#tokens.name });
    return parameters.has("state") && (parameters.has("code") || parameters.has("error")) ? this.#comeBack(parameters) : null;
  }

  /** What to show with a request, if anything. */
  async credential(): Promise<string | null> {
    if (this.#link !== null) return this.#link;
    if (this.#tokens !== null && this.#tokens.endsAt - Date.now() < AHEAD_MS && this.#tokens.refresh !== null) await this.#renew();
    return this.#tokens?.access ?? null;
  }

  /** The API does not take `shown`. Gives whether there is something else to show by now. */
  async refused(shown: string | null): Promise<boolean> {
    if (this.#link !== null) {
      this.#set({ kind: "out", reason: "link", canSignIn: (await this.#config().catch(() => null)) !== null, detail: null });
      return false;
    }
    // Requests that were under way together are refused together; the first of them has it renewed.
    if (this.#tokens !== null && this.#tokens.access !== shown) return true;
    if (this.#tokens !== null && (await this.#renew())) return true;
    if (this.#state.kind !== "out") await this.#leave(this.#tokens === null ? "asked" : "ended");
    return false;
  }

  /** Goes to the issuer, which sends the browser back here. */
  async signIn(): Promise<void> {
    try {
      const config = await this.#config();
      if (config === null) return await this.#leave("asked");
      const { authorization_endpoint } = await this.#issuer(config);
      const asked: Asked = { state: random(), verifier: random(), place: this.place.pathname + without(this.place.search, ["code", "state", "error", "error_description", "share"]) };
      const query = new URLSearchParams({
        response_type: "code",
        client_id: config.client_id,
        redirect_uri: this.#home(),
        scope: config.scopes.join(" "),
        state: asked.state,
        code_challenge: await challenge(asked.verifier),
        code_challenge_method: "S256",
        ...(config.audience === undefined ? {} : { audience: config.audience }),
      });
      this.storage.setItem(ASKED, JSON.stringify(asked));
      this.storage.removeItem(LINK);
      this.place.assign(`${authorization_endpoint}?${query}`);
    } catch (error) {
      await this.#leave("unreachable", String(error instanceof Error ? error.message : error));
    }
  }

  /** Forgets who it is, here and at the issuer. */
  async signOut(): Promise<void> {
    const config = await this.#config().catch(() => null);
    await this.#leave("ended");
    if (config === null) return;
    const issuer = await this.#issuer(config).catch(() => null);
    if (issuer?.end_session_endpoint === undefined) return;
    // Cognito's names beside those of OpenID Connect.
    this.place.assign(`${issuer.end_session_endpoint}?${new URLSearchParams({ client_id: config.client_id, post_logout_redirect_uri: this.#home(), logout_uri: this.#home() })}`);
  }

  async #comeBack(parameters: URLSearchParams): Promise<string> {
    const asked = read<Asked>(this.storage, ASKED);
    this.storage.removeItem(ASKED);
    const place = asked?.place ?? "/";
    // Somebody else's answer: to take it would sign this browser in as whoever sent it here.
    if (asked === null || asked.state !== parameters.get("state")) {
      await this.#leave("refused");
      return place;
    }
    const code = parameters.get("code");
    if (code === null) {
      await this.#leave("refused", parameters.get("error_description") ?? parameters.get("error"));
      return place;
    }
    try {
      await this.#exchange({ grant_type: "authorization_code", code, redirect_uri: this.#home(), code_verifier: asked.verifier });
    } catch (error) {
      await this.#leave(error instanceof Refused ? "refused" : "unreachable", String(error instanceof Error ? error.message : error));
    }
    return place;
  }

  /** One renewal at a time: an issuer may take a refresh token once only. */
  #renew(): Promise<boolean> {
    this.#renewal ??= this.#renewOnce().finally(() => (this.#renewal = null));
    return this.#renewal;
  }

  async #renewOnce(): Promise<boolean> {
    const refresh = this.#tokens?.refresh ?? null;
    if (refresh === null) return false;
    try {
      await this.#exchange({ grant_type: "refresh_token", refresh_token: refresh });
      return true;
    } catch (error) {
      if (error instanceof Refused) await this.#leave("ended");
      // Out of reach is no end: what is there may still be good.
      return false;
    }
  }

  async #exchange(form: Record<string, string>): Promise<void> {
    const config = await this.#config();
    if (config === null) throw new Error("nobody can sign in here");
    const { token_endpoint } = await this.#issuer(config);
    const response = await fetch(token_endpoint, {
      method: "POST",
      headers: { accept: "application/json" },
      body: new URLSearchParams({ client_id: config.client_id, ...form }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answer = (await response.json().catch(() => ({}))) as { access_token?: string; refresh_token?: string; id_token?: string; expires_in?: number; error?: string; error_description?: string };
    if (!response.ok || answer.access_token === undefined) {
      const detail = answer.error_description ?? answer.error ?? `HTTP ${response.status}`;
      throw response.status >= 500 ? new Error(detail) : new Refused(detail);
    }
    this.#tokens = {
      access: answer.access_token,
      refresh: answer.refresh_token ?? this.#tokens?.refresh ?? null,
      endsAt: Date.now() + (answer.expires_in ?? 300) * 1000,
      name: answer.id_token === undefined ? (this.#tokens?.name ?? null) : nameIn(answer.id_token),
    };
    this.storage.setItem(TOKENS, JSON.stringify(this.#tokens));
    this.#set({ kind: "person", name: this.#tokens.name });
  }

  async #leave(reason: SignOutReason, detail: string | null = null): Promise<void> {
    this.#tokens = null;
    this.storage.removeItem(TOKENS);
    const config = await this.#config().catch(() => null);
    this.#set({ kind: "out", reason, canSignIn: config !== null, detail });
  }

  /** `null` where there is no way for people: without the file, a server of pages answers with the page. */
  async #config(): Promise<SignInConfig | null> {
    const response = await fetch("/config.json", { headers: { accept: "application/json" }, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) return null;
    const config = (await response.json().catch(() => ({}))) as PublicConfig;
    return config.sign_in ?? null;
  }

  async #issuer(config: SignInConfig): Promise<{ authorization_endpoint: string; token_endpoint: string; end_session_endpoint?: string }> {
    const response = await fetch(`${config.issuer.replace(/\/$/, "")}/.well-known/openid-configuration`, { headers: { accept: "application/json" }, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`${config.issuer}: HTTP ${response.status}`);
    return (await response.json()) as { authorization_endpoint: string; token_endpoint: string; end_session_endpoint?: string };
  }

  /** The one address that the issuer sends browsers back to. */
  #home(): string {
    return `${this.place.origin}/`;
  }

  #set(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/** The issuer answered, and said no. */
class Refused extends Error {}

function read<T>(storage: Storage, key: string): T | null {
  try {
    return JSON.parse(storage.getItem(key) ?? "null") as T | null;
  } catch {
    return null;
  }
}

function without(search: string, names: readonly string[]): string {
  const parameters = new URLSearchParams(search);
  for (const name of names) parameters.delete(name);
  const text = parameters.toString();
  return text ? `?${text}` : "";
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const random = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)));

const challenge = async (verifier: string): Promise<string> => base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));

/** What an ID token calls its person. */
function nameIn(token: string): string | null {
  try {
    const bytes = Uint8Array.from(atob((token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes)) as { name?: unknown; email?: unknown; sub?: unknown };
    const name = claims.name ?? claims.email ?? claims.sub;
    return typeof name === "string" ? name : null;
  } catch {
    return null;
  }
}
