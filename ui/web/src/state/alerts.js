// What the top bar and the alerts window say of incidents. Pure; must not know where they are read.
import { plural } from "../format.js";

const ACTING = Object.freeze(["manager", "support", "owner"]);

/** Whether a role may look after alerts and hurry a queue; the till decides again. */
export const mayAct = (role) => ACTING.includes(role);

/** The incidents that are not over. `items` as the till lists them, or null. */
export const notOver = (items) => (Array.isArray(items) ? items : []).filter(({ state }) => state !== "over");

export const levelOf = ({ grave, state }) => (state !== "open" ? "plain" : grave ? "failed" : "attention");

/** {level, word, title} of the top bar's chip; null when nothing is open. */
export function alertWord(items) {
  const rest = notOver(items);
  if (rest.length === 0) return null;
  const levels = rest.map(levelOf);
  const level = ["failed", "attention"].find((one) => levels.includes(one)) ?? "plain";
  const looked = level === "plain" ? ", somebody looks after it" : "";
  return { level, word: plural(rest.length, "alert"), title: `${rest.map(({ title }) => title).join("; ")}${looked}` };
}
