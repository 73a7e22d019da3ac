/** Fields of requests. Go writes null, '' or nothing for what is empty. */
import { malformed } from './error.ts';

export type Fields = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws {PluginError} */
export function object(fields: Fields, key: string): Fields {
  const value = fields[key] ?? {};
  if (!isObject(value)) throw malformed(`${key} must be an object`);
  return value;
}
/** @throws {PluginError} */
export function objects(fields: Fields, key: string): readonly Fields[] {
  const value = fields[key] ?? [];
  if (!Array.isArray(value) || !value.every(isObject)) throw malformed(`${key} must be a list of objects`);
  return value;
}
/** '' when it is absent. @throws {PluginError} */
export function text(fields: Fields, key: string): string {
  const value = fields[key] ?? '';
  if (typeof value !== 'string') throw malformed(`${key} must be a text`);
  return value;
}
/** @throws {PluginError} */
export function port(fields: Fields, key: string): number {
  const value = fields[key] ?? 0;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 0xffff) throw malformed(`${key} must be a port`);
  return value;
}
/** True and false come as such, or as words of `-o KEY=VALUE`. @throws {PluginError} */
export function flag(fields: Fields, key: string): boolean | undefined {
  const value = fields[key];
  if (value === undefined || value === null || value === '') return undefined;
  if (value === true || value === 'true' || value === '1') return true;
  if (value === false || value === 'false' || value === '0') return false;
  throw malformed(`${key} must be true or false, not ${JSON.stringify(value)}`);
}
/** Identifiers that the engine makes: hexadecimal, or a swarm's letters and digits. @throws {PluginError} */
export function id(fields: Fields, key: string): string {
  const value = text(fields, key);
  if (!/^[A-Za-z0-9]{1,64}$/.test(value)) throw malformed(`${key} must be 1 to 64 letters and digits, not ${JSON.stringify(value)}`);
  return value;
}
/** The body of a request; one without is empty. @throws {PluginError} */
export function parseBody(body: string): Fields {
  if (body.trim() === '') return {};
  let value: unknown;
  try { value = JSON.parse(body); } catch (error) { throw malformed(`the request is not JSON: ${(error as Error).message}`); }
  if (value === null) return {};
  if (!isObject(value)) throw malformed('the request must be a JSON object');
  return value;
}
