/** Datapaths through the kernel: plans carried out, and what is refused said in the line's words. */
import { ovsPlans, type OvsDatapathInfo, type OvsPort } from '../../generic/index.ts';
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { carry } from '../generic.ts';
import type { Style } from './text.ts';

const codeOf = (error: unknown): string | undefined => (error as { code?: string }).code;

/** `system@dp0`, `dp0` */
export function nameOf(given: string): string {
  const [, type, name] = /^(?:([^@]*)@)?(.*)$/.exec(given) ?? [];
  if (type !== undefined && type !== 'system') throw usage(`"${given}": datapaths of type "${type}" are not the kernel's`, 'ovs-appctl dpctl/... asks ovs-vswitchd for them');
  return name as string;
}
/** A datapath by name. */
export async function datapath(context: Context, given: string): Promise<OvsDatapathInfo> {
  const name = nameOf(given);
  try {
    return (await carry(context, ovsPlans.datapath(name))) ?? { name, dpIfindex: 0 };
  } catch (error) {
    if (codeOf(error) === 'ENODEV') throw usage(`there is no datapath "${name}"`, 'nlkit dpctl dump-dps lists them');
    throw error;
  }
}
/** The one that is there, where the line names none. */
export async function onlyDatapath(context: Context): Promise<OvsDatapathInfo> {
  const all = await carry(context, ovsPlans.datapaths());
  if (context.options.dryRun) return { name: '', dpIfindex: 0 };
  if (all.length === 0) throw usage('there is no datapath', 'nlkit dpctl add-dp NAME makes one');
  if (all.length > 1) throw usage('there are several datapaths', `name one: ${all.map(({ name }) => name).join(', ')}`);
  return all[0] as OvsDatapathInfo;
}

/** How ports are shown and found, by those there are. */
export function styleOf(ports: readonly OvsPort[], names: boolean, verbose: boolean): Style {
  const byNumber = new Map(ports.map(({ portNo, name }) => [portNo, name])), byName = new Map(ports.map(({ portNo, name }) => [name, portNo]));
  return { verbose, portName: (number) => (names ? byNumber.get(number) : undefined), portNumber: (name) => byName.get(name) };
}
/** Reads a text; the ports are only asked for where it does not read without them. */
export async function reading<T>(context: Context, { dpIfindex }: OvsDatapathInfo, read: (style: Style) => T): Promise<T> {
  try {
    return read(styleOf([], false, false));
  } catch {
    return read(styleOf(context.options.dryRun ? [] : await carry(context, ovsPlans.ports(dpIfindex)), false, false));
  }
}
