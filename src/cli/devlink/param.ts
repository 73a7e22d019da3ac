/** Parameters of devices and of ports: `devlink dev param`, `devlink port param` (net/devlink/param.c). */
import type { Devlink, DevlinkParamValue } from '../../families/generic/devlink/index.ts';
import { devlinkPlans, devlinkRefOf, type DevlinkParamValueOf } from '../../generic/index.ts';
import { usage } from '../errors.ts';
import { carry } from '../generic.ts';
import { to, type Command } from '../grammar.ts';
import { choice, text } from '../values.ts';
import { didYouMean } from '../words.ts';
import type { Layout } from './layout.ts';
import { bitsOf, command, deviceName, portName, show, truthOf, unanswered, type Show } from './speak.ts';

/** Numbers of parameters that have names (include/uapi/linux/devlink.h). */
const named: Readonly<Record<string, readonly string[]>> = {
  fw_load_policy: ['driver', 'flash', 'disk', 'unknown'],
  reset_dev_on_drv_probe: ['unknown', 'always', 'never', 'disk'],
};

function printValue(layout: Layout, name: string, flag: boolean, { paramValueCmode, paramValueData }: DevlinkParamValue): void {
  if (paramValueCmode === undefined || (!flag && paramValueData === undefined)) return;
  layout.word('cmode', paramValueCmode);
  layout.more('value', flag ? paramValueData !== undefined : typeof paramValueData === 'number' ? (named[name]?.[paramValueData] ?? paramValueData) : paramValueData);
}
/** @param listed among others of the same device */
export const printParam = (layout: Layout, body: Devlink, listed = true): void => {
  const { paramName, paramType, paramGeneric, paramValuesList } = body.param ?? {};
  if (paramName === undefined || paramType === undefined || !paramValuesList) return;
  const about = body.portIndex === undefined ? deviceName(body) : portName(body), inside = (): void => {
    layout.word('name', paramName);
    layout.more('type', paramGeneric ? 'generic' : 'driver-specific');
    layout.array('values', () => { for (const value of paramValuesList.paramValue ?? []) layout.entry(() => printValue(layout, paramName, paramType === 'flag', value)); });
  };
  if (listed) layout.listed(about, inside);
  else layout.about(about, inside);
};
const printListed: Show = (layout, body) => printParam(layout, body);

const WIDTHS: Readonly<Record<string, number>> = { u8: 8, u16: 16, u32: 32, u64: 64 };
/** What a word means of a parameter of a type. */
export function readValue(name: string, type: string | number | undefined, given: string): DevlinkParamValueOf | boolean {
  const bits = WIDTHS[String(type)], words = named[name];
  if (type === 'string') return given;
  if (type === 'flag') {
    const on = truthOf(given);
    if (on === undefined) throw usage(`"${name}" is true or false, not "${given}"`);
    return on;
  }
  if (bits === undefined) throw usage(`what "${name}" is (${type}) has no words`);
  const value = words ? words.indexOf(given) : bitsOf(given, bits);
  if (value === undefined) throw usage(`"${given}" is not a number for "${name}"`, `between 0 and ${(1n << BigInt(bits)) - 1n}`);
  if (value === -1) throw usage(`"${given}" is not a value of "${name}"`, didYouMean(given, words ?? []));
  return bits === 64 ? BigInt(value) : Number(value);
}

const when = choice({ runtime: 'runtime', driverinit: 'driverinit', permanent: 'permanent' });

export function paramCommands(of: 'dev' | 'port'): Command {
  const handle = of === 'dev' ? 'DEV' : 'DEV/PORT', example = of === 'dev' ? 'pci/0000:01:00.0' : 'pci/0000:01:00.0/1';
  return {
    summary: of === 'dev' ? 'parameters of devices' : 'parameters of ports', otherwise: 'show',
    commands: {
      'show|list': show({
        summary: 'print parameters', line: `[ ${handle} [ name PARAMETER ] ]`, examples: [`devlink ${of} param`, `devlink -j ${of} param show ${example} name max_macs`],
        section: 'param', message: of === 'dev' ? 'paramGet' : 'portParamGet', one: [of], needs: { name: to('paramName', text('PARAMETER')) }, some: of === 'dev' ? ['dev'] : ['dev', 'port'], print: printListed,
      }),
      set: command({
        summary: 'set a parameter', line: `${handle} name PARAMETER value VALUE cmode { runtime | driverinit | permanent }`, examples: [`devlink ${of} param set ${example} name max_macs value 64 cmode driverinit`], on: [of], changes: true,
        needs: { name: to('paramName', text('PARAMETER')), value: to('value', text('VALUE')), cmode: to('mode', when, 'at once, after a reload, after the next start') },
        async run(context, _kernel, place, draft) {
          const { paramName, value, mode } = draft as { paramName: string; value: string; mode: 'runtime' | 'driverinit' | 'permanent' }, ref = devlinkRefOf(place);
          const { paramType, paramValuesList } = await carry(context, devlinkPlans.param(ref, paramName));
          if (context.options.dryRun) return unanswered(context);
          const there = paramValuesList?.paramValue?.find(({ paramValueCmode }) => paramValueCmode === mode);
          if (!there) throw usage(`"${paramName}" has no value for "${mode}"`, didYouMean(mode, (paramValuesList?.paramValue ?? []).map(({ paramValueCmode }) => String(paramValueCmode))));
          const wanted = readValue(paramName, paramType, value), now = paramType === 'flag' ? there.paramValueData !== undefined : there.paramValueData;
          if (wanted !== now) await carry(context, devlinkPlans.setParam(ref, paramName, wanted, mode, paramType));
        },
      }),
    },
  };
}
