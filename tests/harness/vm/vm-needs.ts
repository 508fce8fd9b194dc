import type { Need } from '../needs.ts'

/** What a suite that starts the VM declares: `needs(...vmNeeds)('…', () => …)`. */
export const vmNeeds = [
  'x64',
  'root',
  'qemu-system-x86',
  'qemu-utils',
  'mmdebstrap',
  'cpio',
  'e2fsprogs',
] as const satisfies readonly Need[]
