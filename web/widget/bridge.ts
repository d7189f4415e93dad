// What the loader and the panel say to each other. Both sides check origin and source.

export type ToPanel =
  | { type: "opened" }
  | { type: "closed" }
  | { type: "identify"; token: string | null }
  | { type: "logout" }
  | { type: "language"; locale: string };

export type ToHost =
  | { type: "ready" }
  | { type: "close" }
  | { type: "identity_needed" }
  | { type: "unread"; count: number }
  | { type: "event"; name: "message" | "handoff" | "rated"; detail: unknown };
