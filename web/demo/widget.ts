// The page's side of the chat: the calls that a bank's website makes. Knows no customer.

interface Widget {
  push: (...commands: [string, ...unknown[]][]) => unknown;
}

/** Works before the loader has come (a queue) and after (its API). */
export function widget(...command: [string, ...unknown[]]): void {
  const host = window as unknown as { Switchboard?: Widget | unknown[] };
  host.Switchboard ??= [];
  (host.Switchboard as Widget).push(command);
}
