import { commonOutputs, outputsOfWayIn, wholeBucket } from '../../../infra/api/outputs.ts'
import { wayIns, type WayIn } from '../../../infra/api/way-in.ts'

type Named<Names extends string> = { readonly [Name in Names as Uncapitalize<Name>]: string }

type CommonOutputs = Named<Exclude<keyof typeof commonOutputs, 'WayIn'>>

type OutputsOf<Way extends WayIn> = Way extends WayIn
  ? CommonOutputs & { readonly wayIn: Way } & Named<Extract<keyof (typeof outputsOfWayIn)[Way], string>>
  : never

/** What a stack that is there tells: `fileSystemId`, `endpoint`, … `prefix` is empty for the whole bucket. */
export type StackOutputs = OutputsOf<WayIn>

/** As `DescribeStacks` gives them. */
export type RawOutputs = readonly {
  readonly OutputKey?: string | undefined
  readonly OutputValue?: string | undefined
}[]

/** `undefined` unless all outputs of the stack's way in are there. */
export function readOutputs(raw: RawOutputs): StackOutputs | undefined {
  const values = new Map(raw.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]))
  const wayIn = wayIns.find((one) => one === values.get('WayIn'))
  if (wayIn === undefined) return undefined
  const names = [...Object.keys(commonOutputs), ...Object.keys(outputsOfWayIn[wayIn])]
  if (names.some((name) => values.get(name) === undefined)) return undefined
  const named = Object.fromEntries(
    names.map((name) => [uncapitalized(name), valueOf(name, values.get(name))]),
  )
  // The names come from the very objects that the type is made of.
  return named as unknown as StackOutputs
}

function uncapitalized(name: string): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`
}

/** CloudFormation refuses empty outputs, so a template has something else to say there. */
function valueOf(name: string, value: string | undefined): string | undefined {
  return name === 'Prefix' && value === wholeBucket ? '' : value
}
