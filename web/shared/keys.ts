// Keyboard rules that are easy to get wrong. Pure.

export interface KeyLike {
  key: string;
  keyCode: number;
  isComposing: boolean;
  shiftKey: boolean;
}

/** Enter sends, but not the Enter that picks a candidate in an input method (Safari says 229 only). */
export function isSendKey(event: KeyLike): boolean {
  return event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229;
}
