/**
 * Write-ahead journals: one file an operation. What takes a step back is in it, on the disk, before the step is taken; what deletes
 * cannot be taken back, so all of its steps are in it beforehand. Whatever ends the process, what is left is undone or finished.
 */
import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { NetworkError, unwritable } from './error.ts';
import { createFile, namesIn, remove, syncFolder } from './ipam/files.ts';
import type { Operation, Session, Traced } from './operation.ts';
import { take, type Planned, type Step } from './steps.ts';
import { places, sweepRecords } from './store.ts';

interface Head { readonly nlkit: 'journal'; readonly version: 1; readonly operation: string; /** To be finished. Absent: to be undone. */ readonly finish?: readonly Step[] }

let count = 0;
function begin(session: Session, operation: string, finish?: readonly Step[]): string {
  const path = join(places(session.state).journals, `${String(Date.now()).padStart(15, '0')}-${process.pid}-${count++}`);
  try { createFile(path, `${JSON.stringify({ nlkit: 'journal', version: 1, operation, ...(finish && { finish }) } satisfies Head)}\n`); } catch (error) { throw unwritable('written to', error); }
  return path;
}
function forget(session: Session, path: string): void {
  remove(path);
  syncFolder(places(session.state).journals);
}
const unfinished = (operation: string, cause: unknown, undo?: unknown): NetworkError =>
  new NetworkError('STATE', `${operation}: ${(cause as Error).message}${undo === undefined ? '' : `; and taking it back failed: ${(undo as Error).message}`}`, '"nlkit net gc" goes on from there, once the cause is gone', undo ?? cause);

/** Takes steps, each logged first. */
export type Taker = (steps: readonly Planned[]) => Operation<void>;

/**
 * Does what `inside` takes, all of it or nothing. Under the state's lock.
 * @throws what the failing step threw, after everything was taken back
 */
export function* transaction<T>(session: Session, operation: string, inside: (taker: Taker) => Operation<T>): Operation<T> {
  const undo: (Step | undefined)[] = [], tell = (phase: Traced['phase'], step: number): void => session.trace?.({ operation, step, phase });
  let path: string | undefined, fd = -1;
  function* taker(steps: readonly Planned[]): Operation<void> {
    for (const step of steps) {
      if (path === undefined) { path = begin(session, operation); fd = openSync(path, 'a'); }
      const at = undo.push(step.undo) - 1;
      writeSync(fd, `${JSON.stringify(step.undo ?? null)}\n`);
      fdatasyncSync(fd);
      tell('logged', at);
      yield* take(session, step.do);
      tell('done', at);
    }
  }
  try {
    const result = yield* inside(taker);
    if (path !== undefined) { tell('kept', undo.length); forget(session, path); }
    return result;
  } catch (error) {
    if (path !== undefined) {
      try { yield* takeBack(session, operation, undo); } catch (failed) { throw unfinished(operation, error, failed); }
      forget(session, path);
    }
    throw error;
  } finally { if (fd >= 0) closeSync(fd); }
}
function* takeBack(session: Session, operation: string, undo: readonly (Step | undefined)[]): Operation<void> {
  for (let at = undo.length - 1; at >= 0; at--) {
    const step = undo[at];
    if (step) yield* take(session, step);
    session.trace?.({ operation, step: at, phase: 'undone' });
  }
}

/** Does what cannot be taken back, each step of which may be done again. Under the state's lock. @throws what the first step threw */
export function* finish(session: Session, operation: string, steps: readonly Step[]): Operation<void> {
  if (steps.length === 0) return;
  const path = begin(session, operation, steps);
  for (const [at, step] of steps.entries()) {
    session.trace?.({ operation, step: at, phase: 'logged' });
    try { yield* take(session, step); } catch (error) {
      if (at > 0) throw unfinished(operation, error);
      // Refused at once: nothing was done.
      forget(session, path);
      throw error;
    }
    session.trace?.({ operation, step: at, phase: 'done' });
  }
  session.trace?.({ operation, step: steps.length, phase: 'kept' });
  forget(session, path);
}

interface Leftover { readonly path: string; readonly head: Head; readonly undo: readonly (Step | undefined)[] }

/** Journals of processes that ended in the middle. Under the state's lock. @throws {NetworkError} STATE */
export function leftovers(state: string): Leftover[] {
  const folder = places(state).journals;
  return namesIn(folder).sort().map((name) => {
    const path = join(folder, name), lines = readFileSync(path, 'utf8').split('\n');
    const bad = (what: string): NetworkError => new NetworkError('STATE', `${path} ${what}`, 'it is left as it is, and so is what it speaks of: mend it, or move it away');
    // What follows the last line's end was not on the disk when the process ended: its step was not taken.
    lines.pop();
    try {
      const [head, ...undo] = lines.map((line) => JSON.parse(line) as Head & Step);
      if (head?.nlkit !== 'journal' || head.version !== 1) throw bad('is not a journal of nlkit\'s');
      return { path, head, undo: undo.map((step) => step ?? undefined) };
    } catch (error) {
      if (error instanceof SyntaxError) throw bad(`is damaged: ${error.message}`);
      throw error;
    }
  });
}

/** What became of an operation that was cut short. */
export interface Recovered { readonly operation: string; readonly outcome: 'undone' | 'finished' }

/** Undoes, or finishes, what was cut short. Under the state's lock. */
export function* recover(session: Session): Operation<Recovered[]> {
  const told: Recovered[] = [], left = leftovers(session.state);
  if (left.length > 0) sweepRecords(session.state);
  for (const { path, head: { operation, finish: rest }, undo } of left.reverse()) {
    if (rest) for (const [step, one] of rest.entries()) { yield* take(session, one); session.trace?.({ operation, step, phase: 'done' }); }
    else yield* takeBack(session, operation, undo);
    forget(session, path);
    told.push({ operation, outcome: rest ? 'finished' : 'undone' });
  }
  return told;
}
