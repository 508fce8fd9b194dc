/**
 * How a price is known. `page`: from AWS's price page, as somebody else copied it. `reported`: several others name it. `remembered`: common
 * knowledge, not looked up.
 */
export type Sureness = 'page' | 'reported' | 'remembered'

export interface Price {
  readonly what: string
  readonly usd: number
  readonly per: 'hour' | 'GB-month' | 'GB'
  readonly sureness: Sureness
}

/** When the prices were gathered. */
export const pricesAsOf = '2026-11-21'

/** Dollars in us-east-1, without taxes, discounts or free tiers. docs/costs.md says where each comes from. */
export const prices = {
  loadBalancer: { what: 'Network load balancer', usd: 0.0225, per: 'hour', sureness: 'remembered' },
  loadBalancerTraffic: {
    what: 'Traffic through the load balancer',
    usd: 0.006,
    per: 'GB',
    sureness: 'page',
  },
  publicAddress: { what: 'Public IPv4 address', usd: 0.005, per: 'hour', sureness: 'reported' },
  instance: { what: 'Instance t4g.nano', usd: 0.0042, per: 'hour', sureness: 'remembered' },
  instanceDisk: { what: 'Disk of the instance', usd: 0.08, per: 'GB-month', sureness: 'remembered' },
  fastTier: { what: 'Data on the fast tier', usd: 0.3, per: 'GB-month', sureness: 'reported' },
  fastRead: { what: 'Read from the fast tier', usd: 0.03, per: 'GB', sureness: 'reported' },
  fastWrite: { what: 'Written to the fast tier', usd: 0.06, per: 'GB', sureness: 'reported' },
  bucket: { what: 'Data in the bucket', usd: 0.023, per: 'GB-month', sureness: 'remembered' },
  trafficOut: { what: 'Traffic to the Internet', usd: 0.09, per: 'GB', sureness: 'reported' },
} as const satisfies Record<string, Price>
