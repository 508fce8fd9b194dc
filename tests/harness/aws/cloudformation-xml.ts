import type { PlannedChange } from './cloudformation-changes.ts'
import type { LocalChangeSet, LocalEvent, LocalStack } from './cloudformation-stack.ts'
import { isoTime, tag } from './query-xml.ts'

const changesPerPage = 10

export function stackXml(stack: LocalStack): string {
  const parameters = Object.entries(stack.parameters).map(
    ([name, value]) => `<member>${tag('ParameterKey', name)}${tag('ParameterValue', value)}</member>`,
  )
  const outputs = Object.entries(stack.outputs).map(
    ([name, value]) => `<member>${tag('OutputKey', name)}${tag('OutputValue', value)}</member>`,
  )
  const tags = stack.tags.map(({ Key, Value }) => `<member>${tag('Key', Key)}${tag('Value', Value)}</member>`)
  return [
    summaryXml(stack),
    tag('Description', stack.template.Description),
    `<Parameters>${parameters.join('')}</Parameters>`,
    outputs.length === 0 ? '' : `<Outputs>${outputs.join('')}</Outputs>`,
    `<Tags>${tags.join('')}</Tags>`,
  ].join('')
}

function summaryXml({ id, name, status, statusReason, createdAtMs }: LocalStack): string {
  return [
    tag('StackId', id),
    tag('StackName', name),
    tag('CreationTime', isoTime(createdAtMs)),
    tag('StackStatus', status),
    tag('StackStatusReason', statusReason),
  ].join('')
}

export function eventXml(stack: LocalStack) {
  return (event: LocalEvent): string =>
    [
      tag('StackId', stack.id),
      tag('StackName', stack.name),
      tag('EventId', event.id),
      tag('LogicalResourceId', event.logicalId),
      tag('PhysicalResourceId', event.physicalId),
      tag('ResourceType', event.type),
      tag('Timestamp', isoTime(event.atMs)),
      tag('ResourceStatus', event.status),
      tag('ResourceStatusReason', event.reason),
      tag('ClientRequestToken', event.token),
    ].join('')
}

/** @param from position of the first change of the page. */
export function changeSetXml(changeSet: LocalChangeSet, stack: LocalStack, from: number): string {
  const changes = changeSet.changes.slice(from, from + changesPerPage).map(changeXml)
  const next = from + changesPerPage < changeSet.changes.length ? String(from + changesPerPage) : undefined
  return [
    tag('ChangeSetId', changeSet.id),
    tag('ChangeSetName', changeSet.name),
    tag('StackId', stack.id),
    tag('StackName', stack.name),
    tag('Status', changeSet.status),
    tag('ExecutionStatus', changeSet.executionStatus),
    tag('StatusReason', changeSet.reason),
    `<Changes>${changes.join('')}</Changes>`,
    tag('NextToken', next),
  ].join('')
}

function changeXml({ action, logicalId, physicalId, type, replacement, properties }: PlannedChange): string {
  const details = properties.map(
    (name) =>
      `<member><Target>${tag('Attribute', 'Properties')}${tag('Name', name)}</Target>${tag('ChangeSource', 'DirectModification')}</member>`,
  )
  return `<member>${tag('Type', 'Resource')}<ResourceChange>${[
    tag('Action', action),
    tag('LogicalResourceId', logicalId),
    tag('PhysicalResourceId', physicalId),
    tag('ResourceType', type),
    tag('Replacement', replacement),
    `<Details>${details.join('')}</Details>`,
  ].join('')}</ResourceChange></member>`
}
