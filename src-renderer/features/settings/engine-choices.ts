import type { EngineView } from '../../../src-main/shared/app/snapshot.ts'
import type { Choice } from '../../components/choice-list.tsx'
import { formatPath } from '../../lib/format.ts'

/** No address of an engine is empty. */
export const whicheverIsFound = ''

/** What can be chosen: by itself, what was found, and what was chosen before even if it is not found now. */
export function engineChoices({ candidates, chosen }: EngineView): readonly Choice[] {
  const isFound = chosen === undefined || candidates.some(({ address }) => address === chosen)
  return [
    { value: whicheverIsFound, label: 'Whichever is found', detail: 'Docker Desktop, OrbStack, Colima, …' },
    ...candidates.map(({ name, address }) => ({ value: address, label: name, detail: addressText(address) })),
    ...(isFound
      ? []
      : [{ value: chosen, label: 'Chosen before, not found now', detail: addressText(chosen) }]),
  ]
}

function addressText(address: string): string {
  return formatPath(address.replace(/^unix:\/\//, ''))
}
