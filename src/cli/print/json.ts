/** JSON as iproute2 writes it: compact, or with -p in its own layout. */

/** A number whose spelling matters: `0.00`. */
export class Raw {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toJSON(): number {
    return Number(this.text);
  }
}

function scalar(value: unknown): string {
  if (value instanceof Raw) return value.text;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (value === undefined) return 'null';
  return JSON.stringify(value);
}

/** A key as JSON has it, with its colon: keys come again and again. */
const keys = new Map<string, string>();
function keyText(key: string): string {
  let text = keys.get(key);
  if (text === undefined) keys.set(key, (text = `${JSON.stringify(key)}:`));
  return text;
}

/** Without anything between. */
function compact(value: unknown): string {
  if (value === null || typeof value !== 'object' || value instanceof Raw) return scalar(value);
  let text = '', between = '';
  if (Array.isArray(value)) {
    for (const item of value) {
      text += between + compact(item);
      between = ',';
    }
    return `[${text}]`;
  }
  for (const key of Object.keys(value)) {
    const item = (value as Record<string, unknown>)[key];
    if (item === undefined) continue;
    text += between + keyText(key) + compact(item);
    between = ',';
  }
  return `{${text}}`;
}

/** A list whose items are written already. */
export function listOf(items: string, pretty: boolean): string {
  if (!pretty) return `[${items}]`;
  return items === '' ? '[ ]' : `[ ${items} ]`;
}

/** @param pretty iproute2's -p layout: four spaces a level, arrays on their own line only when they hold objects. */
export function toJson(value: unknown, pretty: boolean, depth = 0): string {
  if (!pretty) return compact(value);
  if (value === null || typeof value !== 'object' || value instanceof Raw) return scalar(value);
  if (Array.isArray(value)) return listOf(value.map((item) => toJson(item, pretty, depth + 1)).join(','), pretty);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return '{}';
  const inner = `\n${'    '.repeat(depth + 1)}`;
  const lines = entries.map(([key, item]) => `${inner}${JSON.stringify(key)}: ${toJson(item, pretty, depth + 1)}`).join(',');
  return `{${lines}\n${'    '.repeat(depth)}}`;
}
