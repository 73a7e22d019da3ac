/** What commands that speak generic netlink share. */
import type { AnyGenericFamily } from '../codec/index.ts';
import type { Plan } from '../generic/index.ts';
import type { Context } from './context.ts';
import type { Body } from './kernel.ts';
import { toJson } from './print/json.ts';
import { Printer, type Json } from './print/printer.ts';
import { follow, heading, onlySaid, untilInterrupted } from './watch.ts';

/** Prints what the kernel answered; of a dry run, nothing. */
export function printAll(context: Context, bodies: Iterable<Json | undefined>, one: (printer: Printer, body: Json) => void): void {
  if (context.options.dryRun) return;
  const printer = new Printer(context);
  for (const body of bodies) if (body) one(printer, body);
  printer.finish();
}

/** What a family tells its multicast groups, a line each as it comes; with -j one JSON object a line. */
export async function listen(context: Context, family: AnyGenericFamily, groups: readonly string[], print: (printer: Printer, body: Body) => void): Promise<void> {
  if (onlySaid(context, groups.map((group) => family.groups[group] ?? group))) return;
  const kernel = await context.kernel.generic(family);
  await follow(context, kernel.monitor(groups, { signal: untilInterrupted() }), (event) => {
    const printer = new Printer(context);
    print(printer, event.body);
    if (context.options.json) context.out.write(`${toJson({ ts: new Date().toISOString(), ...(printer.take() as object) }, false)}\n`);
    else {
      heading(context, event, false);
      printer.spill();
    }
  });
}

/** Carries out a plan. Of a dry run, answers are nothing. */
export async function carry<T>(context: Context, plan: Plan<T>): Promise<T> {
  for (let step = plan.next(); ; ) {
    if (step.done) return step.value;
    const { family, message, body, flags, dump } = step.value, kernel = await context.kernel.generic(family);
    step = plan.next(dump ? kernel.dump(message, body as Body) : kernel.request(message, body as Body, flags).map((answer) => answer.body));
  }
}
