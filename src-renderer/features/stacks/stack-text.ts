import type {
  StackPlan,
  StackProgress,
  StackProgressState,
  StackRef,
  WayIn,
} from '../../../src-main/shared/app/stacks.ts'
import type { Choice } from '../../components/choice-list.tsx'
import type { IconName } from '../../components/icon.tsx'
import type { Tone } from '../drives/drive-text.ts'

const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })

export function stackKeyOf({ profile, region, name }: StackRef): string {
  return [name, region, profile ?? ''].join(' ')
}

/** `mountbar-photos`'s place: `eu-central-1 · studio` */
export function stackPlaceOf({ profile, region }: StackRef): string {
  return profile === undefined ? region : `${region} · ${profile}`
}

export function monthlyTextOf({ monthlyUsd }: StackPlan): string {
  return monthlyUsd === 0 ? '$0 a month' : `about ${dollars.format(monthlyUsd)} a month`
}

/** What a stack is doing, in words. */
export function stackStateTextOf(state: StackProgressState): { readonly text: string; readonly tone: Tone } {
  switch (state.kind) {
    case 'planning':
      return { text: 'Making a plan', tone: 'busy' }
    case 'planned':
      return { text: `Waits for your yes · ${monthlyTextOf(state.plan)}`, tone: 'warning' }
    case 'deploying':
      return { text: state.step, tone: 'busy' }
    case 'cancelling':
      return { text: 'Taking back what was made', tone: 'busy' }
    case 'deployed':
      return { text: 'Ready to be mounted', tone: 'good' }
    case 'failed':
      return { text: 'Not deployed', tone: 'error' }
  }
}

const wayInNames: Readonly<Record<WayIn, string>> = {
  nlb: 'Over the Internet',
  private: 'Private network',
  ssm: 'Session of Systems Manager',
}

export function wayInNameOf(wayIn: WayIn): string {
  return wayInNames[wayIn]
}

/** Who gets to knock, what it takes and what it costs, in plain words. Prices are those in docs/costs.md. */
export const wayInChoices: readonly Choice<WayIn>[] = [
  {
    value: 'nlb',
    label: wayInNames.nlb,
    detail: [
      'A load balancer on the Internet passes connections on.',
      'Open to: the public address you have now, and everybody behind it. When it changes, one click lets the new one in.',
      'Costs about $20 a month, also while nothing is mounted.',
    ],
  },
  {
    value: 'private',
    label: wayInNames.private,
    detail: [
      'Nothing of it is on the Internet. You bring a VPN or a router that leads there.',
      'Open to: your own network.',
      'Costs nothing by itself; the VPN may.',
    ],
  },
  {
    value: 'ssm',
    label: wayInNames.ssm,
    detail: [
      'A small instance that AWS forwards a port through. Needs AWS’s session-manager-plugin on this Mac.',
      'Open to: nobody, but whoever may start a session.',
      'Costs about $7 a month.',
    ],
  },
]

type Change = StackPlan['changes'][number]

export const changeLooks: Readonly<
  Record<Change['action'], { readonly word: string; readonly icon: IconName }>
> = {
  create: { word: 'new', icon: 'plus' },
  change: { word: 'changed', icon: 'change' },
  replace: { word: 'replaced', icon: 'replace' },
  remove: { word: 'removed', icon: 'minus' },
}

/** `6 new, 1 removed` */
export function changesTextOf(changes: readonly Change[]): string {
  if (changes.length === 0) return 'Nothing changes: the stack is as it should be.'
  const parts = (['create', 'change', 'replace', 'remove'] as const).flatMap((action) => {
    const count = changes.filter((change) => change.action === action).length
    return count === 0 ? [] : [`${count} ${changeLooks[action].word}`]
  })
  return parts.join(', ')
}

/** Said when a stack got somewhere; not with every step. */
export function stackAnnouncementOf({ ref, state }: StackProgress): string {
  const text = state.kind === 'deploying' ? 'Deploying' : stackStateTextOf(state).text
  return `Stack ${ref.name}: ${text}`
}
