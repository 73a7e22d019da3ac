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
  if (value === undefined) return 'null';
  return JSON.stringify(value);
}

/** @param pretty iproute2's -p layout: four spaces a level, arrays on their own line only when they hold objects. */
export function toJson(value: unknown, pretty: boolean, depth = 0): string {
  if (value === null || typeof value !== 'object' || value instanceof Raw) return scalar(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => toJson(item, pretty, depth + 1)).join(',');
    if (!pretty) return `[${items}]`;
    return items === '' ? '[ ]' : `[ ${items} ]`;
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (!pretty) return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${toJson(item, pretty)}`).join(',')}}`;
  if (entries.length === 0) return '{}';
  const inner = `\n${'    '.repeat(depth + 1)}`;
  const lines = entries.map(([key, item]) => `${inner}${JSON.stringify(key)}: ${toJson(item, pretty, depth + 1)}`).join(',');
  return `{${lines}\n${'    '.repeat(depth)}}`;
}
