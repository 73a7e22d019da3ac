/** What was found, as tables and as JSON, and the folder that it is kept in. */
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonMessage } from '../../inspect/index.ts';
import type { Outcome } from '../../testing/signature.ts';
import { usage } from '../errors.ts';

/** A finding as the process inside tells it, and as the corpus keeps it: `nlkit send` takes the file. */
export interface Kept { readonly signature: string; readonly outcome: Outcome; readonly protocol: string; readonly seed: number; readonly number: number; readonly alone?: boolean; readonly messages: readonly JsonMessage[] }
export interface Counted { readonly signature: string; readonly outcome: Outcome; readonly count: number; readonly first: number }
export interface Ended { readonly sent: number; readonly skipped: number; readonly withheld: number; readonly outcomes: readonly Counted[] }
/** A line of what it tells. */
export interface Told { readonly at?: number; /** To make it small. */ readonly again?: true; /** What came of it: whole the first time, then only which. */ readonly came?: string | Counted; readonly found?: Kept; readonly end?: Ended }

function signatureIn(text: string): string {
  const { signature } = JSON.parse(text) as Partial<Kept>;
  if (typeof signature !== 'string') throw new TypeError('not a finding: it has no signature');
  return signature;
}

/** The folder of findings, one file a signature. */
export class Corpus {
  readonly #folder: string;
  /** Signatures that were there before. */
  readonly known = new Set<string>();
  kept = 0;

  constructor(folder: string) {
    this.#folder = folder;
    let path = folder;
    try {
      if (!existsSync(folder)) mkdirSync(folder);
      accessSync(folder, constants.W_OK);
      for (const name of readdirSync(folder)) if (name.endsWith('.json')) this.known.add(signatureIn(readFileSync((path = join(folder, name)), 'utf8')));
    } catch (error) { throw usage(`${path}: ${(error as Error).message}`); }
  }

  keep(finding: Kept): void {
    const { message, code } = finding.outcome, name = `${message}-${code}-${createHash('sha256').update(finding.signature).digest('hex').slice(0, 12)}.json`.replace(/[^\w.-]/g, '_');
    const path = join(this.#folder, name), part = `${path}.part`;
    // Whole or not at all, also when this is killed meanwhile.
    try { writeFileSync(part, `${JSON.stringify(finding)}\n`); renameSync(part, path); } catch (error) {
      rmSync(part, { force: true });
      throw usage(`${this.#folder}: ${(error as Error).message}`);
    }
    if (!this.known.has(finding.signature)) { this.known.add(finding.signature); this.kept++; }
  }
}

/** What the kernel itself wrote in its log meanwhile. */
export interface Warning { readonly text: string; /** The request that was being sent, or had been last. */ readonly number: number }

/** Everything, as lines: outcomes by message, what is not given back, hangs and the kernel's warnings. */
export function tables({ sent, skipped, withheld, outcomes }: Ended, hangs: readonly number[], warnings: readonly Warning[]): string {
  const ok = outcomes.filter(({ outcome }) => outcome.code === 'OK'), accepted = ok.reduce((sum, { count }) => sum + count, 0), lines: string[] = [];
  lines.push(`${sent} requests sent, ${accepted} accepted, ${outcomes.length} outcomes${skipped ? `; ${skipped} could not be encoded` : ''}${withheld ? `; ${withheld} kept back` : ''}`);
  const rows = [...outcomes].sort((a, b) => a.outcome.message.localeCompare(b.outcome.message) || b.count - a.count).map(({ outcome: { message, code, path, missing, said, answers = [], differs = [] }, count }) => [
    message, code, String(count), path ?? (missing === undefined ? '' : `without ${missing}`), said ?? (answers.length ? `> ${answers.join(', ')}` : differs.length ? `differs in ${differs.join(', ')}` : ''),
  ]);
  lines.push('', ...aligned([['MESSAGE', 'CODE', 'COUNT', 'ATTRIBUTE', 'SAID'], ...rows]));
  const differing = new Map<string, number>();
  for (const { outcome: { message, differs = [] }, count } of ok) for (const key of new Set(differs)) differing.set(`${message} ${key}`, (differing.get(`${message} ${key}`) ?? 0) + count);
  if (differing.size) lines.push('', 'Accepted, and not given back as it was set (findings, not failures: defaults, rounding, members that only requests have):', ...[...differing].sort((a, b) => b[1] - a[1]).map(([key, count]) => `  ${key} (${count})`));
  if (hangs.length) lines.push('', `No answer, and the process that asked had to be ended: requests ${hangs.join(', ')}`);
  if (warnings.length) lines.push('', 'The kernel\'s log:', ...warnings.map(({ text, number }) => `  (about request ${number}) ${text}`));
  return `${lines.join('\n')}\n`;
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] as readonly string[]).map((_, column) => Math.max(...rows.map((row) => (row[column] as string).length)));
  return rows.map((row) => row.map((cell, column) => (column === 2 ? cell.padStart(widths[column] as number) : cell.padEnd(Math.min(widths[column] as number, 60)))).join('  ').trimEnd());
}

/** Two halves of a run. */
export function joined(a: Ended, b: Ended): Ended {
  const all = new Map(a.outcomes.map((one) => [one.signature, one]));
  for (const one of b.outcomes) { const before = all.get(one.signature); all.set(one.signature, before ? { ...before, count: before.count + one.count } : one); }
  return { sent: a.sent + b.sent, skipped: a.skipped + b.skipped, withheld: a.withheld + b.withheld, outcomes: [...all.values()] };
}
