// Asks feelin what expressions and unary tests give; JSON in, JSON out. Dates come and go as {"date": "2026-01-31"}.
import { readFileSync } from "node:fs";
import { evaluate, unaryTest } from "./vendor/feelin.min.mjs";

const facts = (given) =>
  Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, value && value.date ? evaluate(`@"${value.date}"`, {}).value : value]),
  );
const shown = (value) => {
  if (value === null || value === undefined) return null;
  if (typeof value === "object" && !Array.isArray(value) && value.constructor !== Object) return String(value);
  return value;
};
const answers = JSON.parse(readFileSync(0, "utf-8")).map(({ text, about, given }) => {
  const context = facts(given);
  try {
    if (about === undefined) return { value: shown(evaluate(text, context).value) };
    context["?"] = evaluate(about, context).value;
    return { value: shown(unaryTest(text, context).value) };
  } catch (error) {
    return { error: String(error.message || error) };
  }
});
process.stdout.write(JSON.stringify(answers));
