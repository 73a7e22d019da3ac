/** Actions of traffic control that stand by themselves, for filters to share: what `tc actions` does. */
import type { Value } from '../codec/index.ts';
import { actions, route, type Action, type TcAction } from '../families/route/index.ts';
import type { Options } from './objects.ts';
import { ask, dump, type Plan } from './plan.ts';

/** A kind of action that has a schema. */
export type ActionKind = keyof typeof actions;
/** An action as you describe it: its parameters hold its number, `index`, and what becomes of packets next, `action`. */
export type ActionInput = { [K in ActionKind]: { kind: K; options: Options<Value<(typeof actions)[K]>> } }[ActionKind] & Pick<TcAction, 'cookie' | 'flags' | 'hwStats'>;

/** Most actions that one message takes. */
const most = 32;

function asked(inputs: readonly ActionInput[]): { tab: TcAction[] } {
  if (inputs.length === 0 || inputs.length > most) throw new TypeError(`${inputs.length} actions: one to ${most} fit into a message`);
  return { tab: inputs as readonly object[] as TcAction[] };
}
/** Makes actions: all, or none. @throws {NetlinkError} EEXIST; ENOENT where the kernel does not have the kind */
export function* add(...inputs: ActionInput[]): Plan<void> {
  yield* ask({ message: route.messages.newaction, flags: ['create', 'excl'], body: asked(inputs) });
}
/** Makes them, or puts them in the place of those with their numbers. @throws {NetlinkError} */
export function* replace(...inputs: ActionInput[]): Plan<void> {
  yield* ask({ message: route.messages.newaction, flags: ['create', 'replace'], body: asked(inputs) });
}
/** Deletes one. @throws {NetlinkError} ENOENT; EPERM while filters use it */
export function* remove(kind: ActionKind, index: number): Plan<void> {
  yield* ask({ message: route.messages.delaction, body: { tab: [{ kind, index }] } });
}
/** Deletes all of one kind that no filter uses. @throws {NetlinkError} */
export function* flush(kind: ActionKind): Plan<void> {
  // NLM_F_ROOT: in a deletion the bit has the name of another meaning.
  yield* ask({ message: route.messages.delaction, flags: ['nonrec'], body: { tab: [{ kind }] } });
}
/** One. @throws {NetlinkError} ENOENT */
export function* get(kind: ActionKind, index: number): Plan<TcAction> {
  const [reply] = yield* ask({ message: route.messages.getaction, body: { tab: [{ kind, index }] } });
  return (reply?.body as Action | undefined)?.tab?.[0] as TcAction;
}
/** All of one kind, those of filters too. */
export function* all(kind: ActionKind): Plan<TcAction[]> {
  const messages = yield* dump<Action>({ message: route.messages.getaction, body: { tab: [{ kind }], flags: { value: ['largeDumpOn'], selector: ['largeDumpOn'] } } });
  return messages.flatMap(({ tab = [] }) => tab as TcAction[]);
}
