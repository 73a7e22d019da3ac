/** What wakes a machine, by bit: letter on the command line, and the kernel's name. */
export const wakes: readonly (readonly [letter: string, name: string])[] = [
  ['p', 'phy'], ['u', 'ucast'], ['m', 'mcast'], ['b', 'bcast'], ['a', 'arp'], ['g', 'magic'], ['s', 'magicsecure'], ['f', 'filter'],
];
