import { randomUUID } from 'node:crypto'

import type { AwsAccount } from './account.ts'
import type { LocalCloudFormation } from './cloudformation.ts'
import { CloudFormationError } from './cloudformation-stack.ts'
import { changeSetXml, eventXml, stackXml } from './cloudformation-xml.ts'
import { escapeXml, listOf, tag } from './query-xml.ts'
import { startAwsService, type AwsReply, type AwsService } from './service.ts'
import { verifySignature } from './verify-signature.ts'

export interface CloudFormationServiceOptions {
  readonly account: AwsAccount
  readonly cloud: LocalCloudFormation
  readonly nowMs: () => number
  /** How many things happen each time that somebody asks for events; 0 leaves it to the test. */
  readonly turnsPerLook?: number
  /** Small, so that few events make several pages. */
  readonly eventsPerPage?: number
  /** Actions that the caller may not. */
  readonly denied?: ReadonlySet<string>
}

const namespace = 'http://cloudformation.amazonaws.com/doc/2010-05-15/'

/** A local CloudFormation behind a port, in the query protocol as AWS's SDK speaks it. Signatures are verified. */
export function startCloudFormation(options: CloudFormationServiceOptions): Promise<AwsService> {
  const { account, nowMs, denied = new Set() } = options
  return startAwsService({
    nowMs,
    refuse: (code, status) => failure(status, code, 'as the test asked'),
    answer: async (request) => {
      const caller = await verifySignature(request, { account, service: 'cloudformation', nowMs: nowMs() })
      if (typeof caller === 'string') return failure(403, caller, 'the request was not believed')
      const input = new URLSearchParams(request.body)
      const action = input.get('Action') ?? ''
      if (denied.has(action))
        return failure(
          403,
          'AccessDenied',
          `User: ${caller.arn} is not authorized to perform: cloudformation:${action}`,
        )
      try {
        return success(action, await answer(action, input, options))
      } catch (error) {
        if (!(error instanceof CloudFormationError)) throw error
        return failure(400, error.code, error.message)
      }
    },
  })
}

async function answer(
  action: string,
  input: URLSearchParams,
  { cloud, turnsPerLook = 0, eventsPerPage = 7 }: CloudFormationServiceOptions,
): Promise<string> {
  const given = (name: string): string => input.get(name) ?? ''
  const token = input.get('ClientRequestToken') ?? undefined
  switch (action) {
    case 'CreateChangeSet': {
      const { changeSet, stack } = cloud.createChangeSet({
        stackName: given('StackName'),
        changeSetName: given('ChangeSetName'),
        type: given('ChangeSetType'),
        templateBody:
          given('UsePreviousTemplate') === 'true'
            ? JSON.stringify(cloud.find(given('StackName')).template)
            : given('TemplateBody'),
        parameters: listOf(input, 'Parameters').map((one) => ({
          name: one['ParameterKey'] ?? '',
          value: one['UsePreviousValue'] === 'true' ? undefined : (one['ParameterValue'] ?? ''),
        })),
        capabilities: listOf(input, 'Capabilities').map((one) => one[''] ?? ''),
        tags: listOf(input, 'Tags').map(({ Key = '', Value = '' }) => ({ Key, Value })),
      })
      return tag('Id', changeSet.id) + tag('StackId', stack.id)
    }
    case 'DescribeChangeSet': {
      const { changeSet, stack } = cloud.changeSet(given('ChangeSetName'))
      return changeSetXml(changeSet, stack, Number(given('NextToken')))
    }
    case 'DeleteChangeSet':
      cloud.deleteChangeSet(given('ChangeSetName'))
      return ''
    case 'ExecuteChangeSet':
      cloud.execute(given('ChangeSetName'), token)
      return ''
    case 'DescribeStacks': {
      const name = input.get('StackName')
      const stacks =
        name === null ? cloud.stacks.filter(({ status }) => status !== 'DELETE_COMPLETE') : [cloud.find(name)]
      return page('Stacks', stacks.map(stackXml), Number(given('NextToken')), 2)
    }
    case 'DescribeStackEvents': {
      const from = Number(given('NextToken'))
      // Between the pages of one look nothing happens.
      if (from === 0) await cloud.advance(turnsPerLook)
      const events = cloud.find(given('StackName')).events.toReversed()
      return page('StackEvents', events.map(eventXml(cloud.find(given('StackName')))), from, eventsPerPage)
    }
    case 'CancelUpdateStack':
      cloud.cancelUpdate(given('StackName'))
      return ''
    case 'DeleteStack':
      cloud.delete(given('StackName'), token)
      return ''
    default:
      throw new CloudFormationError('InvalidAction', `no such action: ${action}`)
  }
}

/** Part of a list, from the position that the token is. */
function page(name: string, members: readonly string[], from: number, size: number): string {
  const next = from + size < members.length ? tag('NextToken', String(from + size)) : ''
  const shown = members.slice(from, from + size).map((member) => `<member>${member}</member>`)
  return `<${name}>${shown.join('')}</${name}>${next}`
}

function success(action: string, result: string): AwsReply {
  const body = `<${action}Response xmlns="${namespace}"><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></${action}Response>`
  return { status: 200, headers: { 'content-type': 'text/xml' }, body }
}

function failure(status: number, code: string, message: string): AwsReply {
  const body = `<ErrorResponse xmlns="${namespace}"><Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`
  return { status, headers: { 'content-type': 'text/xml' }, body }
}
