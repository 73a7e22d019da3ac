/** Versions of the CNI specification (https://www.cni.dev/docs/spec/), oldest first. */
import { CniError, codes } from './error.ts';

/** Those whose configurations are taken and whose results are written. */
export const VERSIONS = ['0.1.0', '0.2.0', '0.3.0', '0.3.1', '0.4.0', '1.0.0', '1.1.0'] as const;
export type Version = (typeof VERSIONS)[number];
/** What a configuration without a version means. */
export const UNSAID: Version = '0.1.0';
export const NEWEST = VERSIONS.at(-1) as Version;

/** Whether a version is as new as another. */
export const atLeast = (version: Version, other: Version): boolean => VERSIONS.indexOf(version) >= VERSIONS.indexOf(other);

/** @throws {CniError} code 1 */
export function versionOf(given: unknown): Version {
  const text = given === undefined || given === null || given === '' ? UNSAID : given;
  const known = VERSIONS.find((version) => version === text);
  if (known) return known;
  throw new CniError(codes.version, 'incompatible CNI versions', `config is ${JSON.stringify(text)}, plugin supports [${VERSIONS.map((version) => `"${version}"`).join(' ')}]`);
}
