/** What a request came to, as one line: two runs that come to the same have the same, whatever the names and numbers in them. */

/** What was said to a request. */
export interface Outcome {
  /** 'RTM_NEWLINK' */
  readonly message: string;
  /** 'OK', the name of an error number, or why there is none ('TIMEOUT'). */
  readonly code: string;
  /** The kernel's words. */
  readonly said?: string;
  /** The attribute that it points at, or that is missing: `linkinfo.data.id`. */
  readonly path?: string;
  readonly missing?: string;
  /** Names of the messages that came, when it was accepted. */
  readonly answers?: readonly string[];
  /** Of what was accepted: the keys that a dump does not give back as they were set. */
  readonly differs?: readonly string[];
}

/** The outcome's signature: `RTM_NEWLINK ERANGE at linkinfo.data.id: Invalid VLAN id`. Numbers and names that are quoted are left open. */
export function signature({ message, code, said, path, missing, answers = [], differs = [] }: Outcome): string {
  return [
    `${message} ${code}`, path === undefined ? '' : ` at ${open(path)}`, missing === undefined ? '' : ` without ${open(missing)}`, said === undefined ? '' : `: ${open(said)}`,
    answers.length ? ` > ${[...new Set(answers)].sort().join(', ')}` : '', differs.length ? ` differs in ${[...new Set(differs)].sort().join(', ')}` : '',
  ].join('');
}
const open = (text: string): string => text.replace(/'[^']*'|"[^"]*"/g, "'...'").replace(/\b0x[0-9a-f]+\b|\d+/gi, 'N');
