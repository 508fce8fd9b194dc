import { ResourceRefused } from '../resource-host.ts'

export interface IngressRule {
  readonly ruleId: string
  readonly groupId: string
  readonly description: string
  readonly fromPort: number
  readonly toPort: number
  /** Either addresses, or another group. */
  readonly cidr?: string | undefined
  readonly sourceGroupId?: string | undefined
}

/** EC2's security groups, as far as rules that let something in. */
export class SecurityGroups {
  readonly groups = new Map<string, { readonly groupId: string; readonly description: string }>()
  readonly rules = new Map<string, IngressRule>()
  #count = 0

  createGroup(description: string): string {
    const groupId = this.#id('sg')
    this.groups.set(groupId, { groupId, description })
    return groupId
  }

  /** @throws ResourceRefused when the group has the rule already, or does not exist. */
  authorize(rule: Omit<IngressRule, 'ruleId'>): string {
    if (!this.groups.has(rule.groupId))
      throw new ResourceRefused(`The security group '${rule.groupId}' does not exist`)
    const isThere = this.rulesOf(rule.groupId).some(
      ({ cidr, sourceGroupId, fromPort }) =>
        cidr === rule.cidr && sourceGroupId === rule.sourceGroupId && fromPort === rule.fromPort,
    )
    if (isThere)
      throw new ResourceRefused(
        `the specified rule "peer: ${rule.cidr ?? rule.sourceGroupId ?? ''}, TCP, from port: ${rule.fromPort}, to port: ${rule.toPort}, ALLOW" already exists`,
      )
    const ruleId = this.#id('sgr')
    this.rules.set(ruleId, { ...rule, ruleId })
    return ruleId
  }

  rulesOf(groupId: string): IngressRule[] {
    return [...this.rules.values()].filter((rule) => rule.groupId === groupId)
  }

  /** @throws ResourceRefused while a rule of another group names it. */
  removeGroup(groupId: string): void {
    const user = [...this.rules.values()].find(
      (rule) => rule.sourceGroupId === groupId && rule.groupId !== groupId,
    )
    if (user !== undefined)
      throw new ResourceRefused(`resource ${groupId} has a dependent object (${user.groupId})`)
    this.rulesOf(groupId).forEach(({ ruleId }) => this.rules.delete(ruleId))
    this.groups.delete(groupId)
  }

  #id(prefix: string): string {
    this.#count += 1
    return `${prefix}-${this.#count.toString(16).padStart(17, '0')}`
  }
}
