import { BlockList, isIPv4 } from 'node:net'

/** The template's parameters that say who may connect, the first being the one that Mountbar keeps up to date. */
export const cidrParameters = ['AllowedCidr', 'AllowedCidr2', 'AllowedCidr3'] as const

/** Those that are given, as in `203.0.113.7/32`. */
export function allowedCidrsOf(parameters: Readonly<Record<string, string>>): readonly string[] {
  return cidrParameters.map((name) => parameters[name] ?? '').filter((cidr) => cidr !== '')
}

/** False for what is no IPv4 address or range. */
export function isWithin(address: string, cidr: string): boolean {
  const [network = '', bits = ''] = cidr.split('/')
  if (!isIPv4(address) || !isIPv4(network) || !/^([12]?\d|3[0-2])$/.test(bits)) return false
  const range = new BlockList()
  range.addSubnet(network, Number(bits))
  return range.check(address)
}
