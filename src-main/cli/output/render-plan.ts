import type { DeployPlan, PlanItem, PlanWarning } from '../../services/stacks/deploy/deploy-plan.ts'
import { renderTable } from './table.ts'
import type { Terminal } from './terminal.ts'

type Colours = Pick<Terminal, 'bold' | 'dim' | 'green' | 'yellow' | 'red'>

const signs: Readonly<Record<PlanItem['action'], string>> = {
  make: '+',
  change: '~',
  replace: '!',
  remove: '-',
}
const verbs: Readonly<Record<PlanItem['action'], string>> = {
  make: 'make',
  change: 'change',
  replace: 'replace',
  remove: 'remove',
}
const wayInWords: Readonly<Record<DeployPlan['wayIn'], string>> = {
  nlb: 'a load balancer on the Internet, for named addresses only',
  private: 'nothing public, reached over a network of yours',
  ssm: 'a small instance, through AWS Systems Manager',
}

/** What would be done, and what it costs: all that a person has to know before they say yes. */
export function renderPlan(plan: DeployPlan, colours: Colours): string[] {
  const { bold, dim } = colours
  const { kind, name, target, accountId, items, wayIn, cidrs, warnings } = plan
  const account = accountId === undefined ? '' : `, account ${accountId}`
  const what = kind === 'make' ? 'would make the stack' : 'would change the stack'
  const facts = [
    ['Way in', `${wayIn}: ${wayInWords[wayIn]}`],
    ...(cidrs.length > 0 ? [['Lets in', cidrs.join(', ')]] : []),
    ['Cost', costOf(plan)],
  ]
  return [
    `AWS ${what} ${bold(name)} in ${target.region} (profile ${target.profile}${account}):`,
    '',
    ...renderTable(items.map((item) => lineOf(item, colours))),
    '',
    ...renderTable(facts.map(([label = '', text = '']) => [dim(label), text])),
    ...warnings.flatMap((warning) => ['', ...renderWarning(warning, colours)]),
  ]
}

function lineOf(
  { action, what, type, properties }: PlanItem,
  { green, yellow, red, dim }: Colours,
): string[] {
  const colour = action === 'make' ? green : action === 'change' ? yellow : red
  const changed = action === 'make' || action === 'remove' ? '' : properties.join(', ')
  return [`  ${colour(`${signs[action]} ${verbs[action]}`)}`, what, dim(type), dim(changed)]
}

function costOf({ standingUsd, standingFor, wayIn }: DeployPlan): string {
  if (standingFor.length === 0)
    return `nothing while unused${wayIn === 'private' ? ', but for your own network' : ''}; storage and traffic by use (docs/costs.md)`
  const things = standingFor.map((thing) => thing.charAt(0).toLowerCase() + thing.slice(1)).join(', ')
  return `about $${Math.round(standingUsd)} a month while unused (${things}); storage and traffic by use (docs/costs.md)`
}

function renderWarning(warning: PlanWarning, { yellow, red }: Colours): string[] {
  switch (warning.kind) {
    case 'open':
      return [
        red(`${warning.cidr} lets everybody on the Internet connect.`),
        '  TLS and IAM still decide who gets in, and nothing else does.',
      ]
    case 'replaced':
      return [
        yellow(`Made anew under other names: ${warning.what.join(', ')}.`),
        '  Drives that use them have to be unmounted before, and told afterwards.',
      ]
    case 'maybe-replaced':
      return [yellow(`Maybe made anew, which AWS knows only when it does it: ${warning.what.join(', ')}.`)]
    case 'file-system-goes':
      return [
        yellow('The file system is removed. What has reached the bucket stays there.'),
        '  Unmount its drives and wait a few minutes first, so that nothing is on the way.',
      ]
  }
}
