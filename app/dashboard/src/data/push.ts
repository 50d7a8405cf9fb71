/**
 * The socket: what changes, told as it happens. It makes the page quicker and is never needed: without it, and until it
 * is there, everything is polled as before.
 *
 * What comes is state with a version, so a message may come twice or late. After each answer to a subscription the page
 * reads once what is there: whatever changes from then on is told.
 */

import type { Step, Task } from "../api/types";

export interface Changes {
  tasks: Task[];
  steps: { task_id: string; step: Step }[];
  removed: string[];
}

type Message =
  | { type: "subscribed" | "unsubscribed" | "refresh"; channel: string }
  | ({ type: "changes"; sent_at: string } & Partial<Changes>)
  | { type: "pong" }
  | { type: "problem"; detail: string };

export interface PushListener {
  /** Something changed. */
  changes(changes: Changes, sentAt: string): void;
  /** What `channel` is about has to be read: it is told from now on, or there was too much to tell. */
  read(channel: string): void;
  /** Anything was heard. */
  heard(): void;
}

/** Enough of a `WebSocket`, so that a test can be one. */
export interface Socket extends EventTarget {
  send(text: string): void;
  close(): void;
}

/** The server closes what is silent for ten minutes; a shorter silence also finds out that the other side is gone. */
const PING_MS = 30_000;
const PONG_WITHIN_MS = 10_000;
const LINGER_MS = 5_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;
/** Where there never was a socket there will hardly be one soon. */
const NEVER_THERE_RETRY_MS = 300_000;

export class PushConnection {
  #socket: Socket | null = null;
  /** How many followers each channel has. */
  #followers = new Map<string, number>();
  #told = new Set<string>();
  #wasThere = false;
  #failures = 0;
  #opened = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #ping: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly open: () => Socket,
    private readonly listener: PushListener,
  ) {}

  #listeners = new Set<() => void>();

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Whether the socket tells of everything that is followed. */
  tellsAll = (): boolean => {
    for (const [channel, followers] of this.#followers) if (followers > 0 && !this.#told.has(channel)) return false;
    return this.#told.size > 0;
  };

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Whether what changes on `channel` is told. */
  tells(channel: string): boolean {
    return this.#told.has(channel);
  }

  /** Follows `channel` until the function that it gives is called. */
  follow(channel: string): () => void {
    const followers = this.#followers.get(channel);
    this.#followers.set(channel, (followers ?? 0) + 1);
    if (followers === undefined) this.#ask("subscribe", channel);
    this.#changed();
    if (this.#socket === null && this.#retry === undefined) this.#connect();
    let follows = true;
    return () => {
      if (!follows) return;
      follows = false;
      this.#followers.set(channel, (this.#followers.get(channel) ?? 1) - 1);
      // Whoever goes back and forth asks once. It also keeps two requests about one channel apart: the server may take
      // them in any order.
      setTimeout(() => this.#drop(channel), LINGER_MS);
    };
  }

  #drop(channel: string): void {
    if (this.#followers.get(channel) !== 0) return;
    this.#followers.delete(channel);
    this.#told.delete(channel);
    this.#changed();
    this.#ask("unsubscribe", channel);
  }

  /** Connects at once, if it is waiting to: the network is back, or somebody looks again. */
  wake(): void {
    if (this.#retry === undefined) return;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#connect();
  }

  #connect(): void {
    if (this.#followers.size === 0) return;
    const socket = this.open();
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.#opened = true;
      for (const channel of this.#followers.keys()) this.#ask("subscribe", channel);
      this.#watch();
    });
    socket.addEventListener("message", (event) => this.#hear(String((event as MessageEvent).data)));
    socket.addEventListener("close", () => this.#lose(socket));
  }

  #lose(socket: Socket): void {
    if (this.#socket !== socket) return;
    if (!this.#opened) this.#failures += 1;
    this.#socket = null;
    this.#opened = false;
    this.#told.clear();
    this.#changed();
    clearTimeout(this.#ping);
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#connect();
    }, this.#delay());
  }

  #delay(): number {
    if (!this.#wasThere && this.#failures > 1) return NEVER_THERE_RETRY_MS;
    const delay = Math.min(FIRST_RETRY_MS * 2 ** this.#failures, LONGEST_RETRY_MS);
    // Many tabs do not return at once.
    return delay * (0.75 + Math.random() * 0.5);
  }

  #ask(action: "subscribe" | "unsubscribe", channel: string): void {
    if (this.#opened) this.#socket?.send(JSON.stringify({ action, channel }));
  }

  /** Asks now and then whether the other side is there; silence means that it is not. */
  #watch(): void {
    clearTimeout(this.#ping);
    this.#ping = setTimeout(() => {
      const socket = this.#socket;
      if (socket === null) return;
      socket.send(JSON.stringify({ action: "ping" }));
      this.#ping = setTimeout(() => {
        socket.close();
        // A socket whose other side is gone may take minutes to say that it is closed.
        this.#lose(socket);
      }, PONG_WITHIN_MS);
    }, PING_MS);
  }

  #hear(text: string): void {
    const message = parse(text);
    if (message === null) return;
    this.#wasThere = true;
    this.#failures = 0;
    this.#watch();
    switch (message.type) {
      case "subscribed":
        if (!this.#followers.has(message.channel)) return;
        this.#told.add(message.channel);
        this.#changed();
        this.listener.read(message.channel);
        break;
      case "refresh":
        this.listener.read(message.channel);
        break;
      case "changes":
        this.listener.changes({ tasks: message.tasks ?? [], steps: message.steps ?? [], removed: message.removed ?? [] }, message.sent_at);
        break;
      default:
    }
    this.listener.heard();
  }
}

function parse(text: string): Message | null {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === "object" && message !== null && "type" in message ? (message as Message) : null;
  } catch {
    return null;
  }
}

/** The socket of this page's origin. */
export function openSocket(): WebSocket {
  return new WebSocket(new URL("/ws", location.href.replace(/^http/, "ws")));
}
