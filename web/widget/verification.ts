// Step-up for one action: the code goes to its own address, never into a message. Knows no markup.

import { Problem } from "../shared/api.ts";
import { attempt, expectReply, feed } from "./store.ts";

export type CodeAnswer =
  | "ok"
  | "codeWrong"
  | "codeExpired"
  | "codeLocked"
  | "actionFailed"
  | "tooMany";

export async function confirmCode(challengeId: string, code: string): Promise<CodeAnswer> {
  try {
    await feed.value?.put(`/verification/${challengeId}`, { code });
    expectReply();
    await feed.value?.refresh();
    return "ok";
  } catch (error) {
    if (!(error instanceof Problem)) return "actionFailed";
    if (error.code === "wrong_code") return "codeWrong";
    if (error.code === "challenge_expired") return "codeExpired";
    if (error.code === "challenge_locked") return "codeLocked";
    return error.status === 429 ? "tooMany" : error.status === 422 ? "codeWrong" : "actionFailed";
  }
}

export async function newCode(action: string): Promise<boolean> {
  const done = await attempt(async () => {
    await feed.value?.post("/verification", { method: "otp", action });
    await feed.value?.refresh();
    return true;
  });
  return done === true;
}
