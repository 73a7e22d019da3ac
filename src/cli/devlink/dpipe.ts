/** `devlink dpipe`: the tables of a device's pipeline, what they look at and do (net/devlink/dpipe.c). */
import { ipv6Text } from '../../codec/index.ts';
import type { Devlink, DevlinkAction, DevlinkActionValue, DevlinkEntry, DevlinkHeader, DevlinkMatch, DevlinkMatchValue, DevlinkResource, DevlinkTable } from '../../families/generic/devlink/index.ts';
import type { Kernel } from '../kernel.ts';
import { to, type Command, type Grammar } from '../grammar.ts';
import { text } from '../values.ts';
import type { Layout } from './layout.ts';
import { resourcePath } from './resource.ts';
import { change, command, deviceName, ordered, printed, snake, truth, type Place } from './speak.ts';

const headersOf = (body: Devlink | undefined): readonly DevlinkHeader[] => body?.dpipeHeaders?.dpipeHeader ?? [];
/** What a table's numbers of headers and fields mean. */
class Names {
  readonly #headers: readonly DevlinkHeader[];
  constructor(headers: readonly DevlinkHeader[]) {
    this.#headers = headers;
  }
  #header({ dpipeHeaderId: id, dpipeHeaderGlobal: global }: DevlinkMatch): DevlinkHeader | undefined {
    return this.#headers.findLast((one) => one.dpipeHeaderId === id && Boolean(one.dpipeHeaderGlobal) === Boolean(global));
  }
  of(place: DevlinkMatch): { header?: string; field?: string; mapping?: string } {
    const header = this.#header(place), field = header?.dpipeHeaderFields?.dpipeField?.find((one) => one.dpipeFieldId === place.dpipeFieldId), mapping = field?.dpipeFieldMappingType;
    return { ...(header?.dpipeHeaderName !== undefined && { header: header.dpipeHeaderName }), ...(field?.dpipeFieldName !== undefined && { field: field.dpipeFieldName }), ...(mapping !== undefined && mapping !== 'none' && { mapping: String(mapping) }) };
  }
}
function printPlace(layout: Layout, names: Names, place: DevlinkMatch & DevlinkAction): void {
  const { header, field, mapping } = names.of(place);
  layout.word('type', snake(place.dpipeMatchType ?? place.dpipeActionType ?? ''));
  layout.more('header', header);
  layout.more('field', field);
  layout.more('mapping', mapping);
}

/** Addresses of headers that every device means alike: their first field (DEVLINK_DPIPE_FIELD_*). */
function readable(place: DevlinkMatch, value: Uint8Array): string | number | undefined {
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  if (place.dpipeHeaderGlobal && place.dpipeFieldId === 0) {
    if (place.dpipeHeaderId === 'ethernet') return [...value.subarray(0, 6)].map((byte) => byte.toString(16)).join(':');
    if (place.dpipeHeaderId === 'ipv4') return [...value.subarray(0, 4)].reverse().join('.');
    if (place.dpipeHeaderId === 'ipv6') return ipv6Text(value, 0);
  }
  return value.length === 4 ? view.getUint32(0, true) : undefined;
}
function printValue(layout: Layout, names: Names, one: DevlinkMatchValue & DevlinkActionValue): void {
  const place = (one.dpipeMatch ?? one.dpipeAction)?.[0];
  if (!place || !one.dpipeValue) return;
  const { dpipeValue: value, dpipeValueMask: mask } = one;
  layout.entry(() => {
    printPlace(layout, names, place);
    layout.word('mapping_value', one.dpipeValueMapping);
    if (mask) layout.word('value_mask', readable(place, mask));
    layout.word('value', readable(place, value));
  });
}

function printTable(layout: Layout, names: Names, table: DevlinkTable, resources: readonly DevlinkResource[] | undefined): void {
  layout.word('name', table.dpipeTableName);
  layout.more('size', table.dpipeTableSize);
  layout.more('counters_enabled', table.dpipeTableCountersEnabled !== 0);
  if (table.dpipeTableResourceId !== undefined && resources) {
    layout.word('resource_path', resourcePath(resources, table.dpipeTableResourceId));
    layout.more('resource_units', table.dpipeTableResourceUnits);
  }
  layout.array('match', () => { for (const one of table.dpipeTableMatches?.dpipeMatch ?? []) layout.entry(() => printPlace(layout, names, one)); });
  layout.array('action', () => { for (const one of table.dpipeTableActions?.dpipeAction ?? []) layout.entry(() => printPlace(layout, names, one)); });
}
function printEntry(layout: Layout, names: Names, entry: DevlinkEntry): void {
  layout.word('index', entry.dpipeEntryIndex);
  layout.more('counter', entry.dpipeEntryCounter);
  layout.array('match_value', () => { for (const one of entry.dpipeEntryMatchValues?.dpipeMatchValue ?? []) printValue(layout, names, one); });
  layout.array('action_value', () => { for (const one of entry.dpipeEntryActionValues?.dpipeActionValue ?? []) printValue(layout, names, one); });
}
function printHeader(layout: Layout, header: DevlinkHeader): void {
  layout.word('name', header.dpipeHeaderName);
  if (layout.verbose) {
    layout.more('id', typeof header.dpipeHeaderId === 'string' ? ['ethernet', 'ipv4', 'ipv6'].indexOf(header.dpipeHeaderId) : header.dpipeHeaderId);
    layout.more('global', Boolean(header.dpipeHeaderGlobal));
  }
  layout.array('field', () => {
    for (const field of header.dpipeHeaderFields?.dpipeField ?? []) {
      layout.entry(() => {
        layout.word('name', field.dpipeFieldName);
        if (layout.verbose) layout.more('id', field.dpipeFieldId);
        layout.more('bitwidth', field.dpipeFieldBitwidth);
        if (field.dpipeFieldMappingType !== 'none') layout.more('mapping_type', field.dpipeFieldMappingType);
      });
    }
  });
}

const tableName: Grammar = { name: to('dpipeTableName', text('TABLE')) }, DEV = 'pci/0000:01:00.0';
const asked = (kernel: Kernel, message: string, place: Place, draft = {}): Devlink | undefined => kernel.get(message, ordered({ ...place, ...draft })) as Devlink | undefined;
/** Resources are not everywhere. */
function resourcesOf(kernel: Kernel, place: Place): readonly DevlinkResource[] | undefined {
  try {
    return asked(kernel, 'resourceDump', place)?.resourceList?.resource;
  } catch {
    return undefined;
  }
}

export const dpipe: Command = {
  summary: 'tables of the pipeline', examples: [`devlink dpipe table show ${DEV}`, `devlink dpipe table dump ${DEV} name mlxsw_erif`, `devlink dpipe header show ${DEV}`],
  commands: {
    header: {
      summary: 'headers that tables know',
      commands: {
        show: command({
          summary: 'print headers and their fields', line: 'DEV', examples: [`devlink dpipe header show ${DEV}`, `devlink -v dpipe header show ${DEV}`], on: ['dev'],
          run(context, kernel, place) {
            const answer = asked(kernel, 'dpipeHeadersGet', place), all = [...headersOf(answer)].reverse();
            // The device's own first.
            printed(context, 'header', answer ? [answer] : [], (layout, body) => { for (const header of [...all.filter((one) => !one.dpipeHeaderGlobal), ...all.filter((one) => one.dpipeHeaderGlobal)]) layout.listed(deviceName(body), () => printHeader(layout, header)); });
          },
        }),
      },
    },
    table: {
      summary: 'tables',
      commands: {
        show: command({
          summary: 'print tables, what they look at and do', line: 'DEV [ name TABLE ]', examples: [`devlink dpipe table show ${DEV}`, `devlink dpipe table show ${DEV} name mlxsw_erif`], on: ['dev'], options: tableName,
          run(context, kernel, place, draft) {
            const names = new Names(headersOf(asked(kernel, 'dpipeHeadersGet', place, draft))), resources = resourcesOf(kernel, place), answer = asked(kernel, 'dpipeTableGet', place, draft);
            printed(context, 'table', answer ? [answer] : [], (layout, body) => { for (const table of body.dpipeTables?.dpipeTable ?? []) layout.listed(deviceName(body), () => printTable(layout, names, table, resources)); });
          },
        }),
        set: change({ summary: 'set whether entries are counted', line: 'DEV name TABLE counters_enabled { true | false }', examples: [`devlink dpipe table set ${DEV} name mlxsw_erif counters_enabled true`], message: 'dpipeTableCountersSet', on: ['dev'], needs: { ...tableName, 'counters_enabled|counters': to('dpipeTableCountersEnabled', truth) } }),
        dump: command({
          summary: 'print the entries of a table', line: 'DEV name TABLE', examples: [`devlink dpipe table dump ${DEV} name mlxsw_erif`], on: ['dev'], needs: tableName,
          run(context, kernel, place, draft) {
            const names = new Names(headersOf(asked(kernel, 'dpipeHeadersGet', place, draft))), answers = kernel.request('dpipeEntriesGet', ordered({ ...place, ...draft })).map(({ body }) => body as Devlink);
            printed(context, 'table_entry', answers, (layout, body) => { for (const entry of body.dpipeEntries?.dpipeEntry ?? []) layout.listed(deviceName(body), () => printEntry(layout, names, entry)); });
          },
        }),
      },
    },
  },
};
