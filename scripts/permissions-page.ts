import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { templateFileName, wayIns, type WayIn } from '../infra/api/way-in.ts'
import {
  deployPolicy,
  destroyPolicy,
  forwardPolicy,
  mountPolicy,
  updateAccessPolicy,
  type PolicyDocument,
} from '../src-main/services/stacks/permissions/policies.ts'

const repoDir = join(import.meta.dirname, '..')

export const permissionsPagePath = join(repoDir, 'docs/permissions.md')

/** Types of the resources in the template of a way in. */
export function resourceTypesOf(wayIn: WayIn): readonly string[] {
  const template = JSON.parse(readFileSync(join(repoDir, 'resources', templateFileName(wayIn)), 'utf8')) as {
    readonly Resources: Readonly<Record<string, { readonly Type: string }>>
  }
  return [...new Set(Object.values(template.Resources).map(({ Type }) => Type))]
}

/** docs/permissions.md, from what the code asks AWS for. */
export function renderPermissionsPage(): string {
  return `# Permissions

What an administrator has to allow, as IAM policies. This page is made from the code by \`npm run permissions\`, and a test compares: change the code, not the page.

Replace \`ACCOUNT\` and \`REGION\`, and \`FileSystemId\` and its like by the [outputs](deploy.md#what-it-makes) of the stack. The policies fit stacks whose names begin with \`mountbar\`. In China and GovCloud the ARNs
begin otherwise.

**State.** The calls that Mountbar makes itself are taken from its code. What CloudFormation needs for each type of resource is common
knowledge that was not looked up, type by type. **None of it was tried in an account of AWS by us.** Where something is missing AWS names it, \`mountbar deploy\` says so, and what was made is taken back.

- [Deploy](#deploy)
- [Mount](#mount)
- [Destroy](#destroy)

Nothing has to be allowed to people whom the stack's \`ClientPrincipalArn\` names, in order to mount; to see how a drive is they need *Look* below.

## Deploy

For \`mountbar deploy\`: to plan, make, change, watch and take back. It acts with the rights of who runs it, so this is for whoever may make roles and networks. Of use are also a permissions boundary on the roles, and an account of its own.
${wayIns.map((wayIn) => section(`With the way in \`${wayIn}\``, deployPolicy(resourceTypesOf(wayIn)))).join('')}
With a network and a bucket of your own, what makes them can be left out.

## Mount

For \`mountbar mount --stack\`, and for the vitals of a drive. \`s3files:ClientRootAccess\` only where the access point's user is root, and without \`s3files:ClientWrite\` the drive is read-only.
${section('Every drive', mountPolicy())}${section('Besides, with the way in `ssm`', forwardPolicy())}${section('Besides, to follow a public address that changes, with the way in `nlb`', updateAccessPolicy())}
## Destroy

For \`mountbar destroy\`. The statement *Bucket* is only for who deletes the bucket with all its versions; otherwise it stays.
${section('Every way in', destroyPolicy([...new Set(wayIns.flatMap(resourceTypesOf))]))}`
}

function section(heading: string, document: PolicyDocument): string {
  return `
### ${heading}

\`\`\`json
${JSON.stringify(document, undefined, 2).replaceAll(/\[\n\s+("[^"]*")\n\s+\]/g, '[$1]')}
\`\`\`
`
}
