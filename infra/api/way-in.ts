/**
 * How a Mac reaches the mount target. `nlb`: through a load balancer on the Internet that lets in given addresses only; `private`: over a
 * network the user already has (VPN, subnet router, peering); `ssm`: through a small instance without inbound rules.
 */
export const wayIns = ['nlb', 'private', 'ssm'] as const

export type WayIn = (typeof wayIns)[number]

/** The file below `resources/` that holds the template of a way in. */
export function templateFileName(wayIn: WayIn): string {
  return `stack-${wayIn}.template.json`
}
