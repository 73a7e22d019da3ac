/** What was done to the kernel, taken back. */
export type { Body, Inverse, Undo } from './inverse.ts';
export { inverses } from './inverses.ts';
export { IrreversibleError, UndoLog } from './log.ts';
