import { prices, type Price } from './prices.ts'
import type { WayIn } from './way-in.ts'

/** What a user does with a drive in a month. All in GB. */
export interface Usage {
  readonly inBucket: number
  readonly onFastTier: number
  readonly read: number
  readonly written: number
}

export interface CostLine {
  readonly price: Price
  /** Hours, GB or GB-months, as the price is per. */
  readonly quantity: number
  readonly usd: number
}

export interface MonthlyCost {
  /** Due whether the drive is used or not. */
  readonly standing: readonly CostLine[]
  readonly standingUsd: number
  /** Due for what is stored and moved. */
  readonly usage: readonly CostLine[]
  readonly usageUsd: number
}

const hoursPerMonth = 730

/** Of Amazon Linux 2023's image. */
const instanceDiskGb = 8

const nothing: Usage = { inBucket: 0, onFastTier: 0, read: 0, written: 0 }

/**
 * An estimate, in dollars of us-east-1: requests, old versions and the 32 KiB that even the smallest read or write is billed as are left out. With
 * `private`, what the way there costs is not in it: a VPN connection can be far more than all of this.
 */
export function monthlyCost(wayIn: WayIn, usage: Usage = nothing): MonthlyCost {
  const standing = standingOf[wayIn].map(([price, quantity]) => costLine(price, quantity))
  const moved = usage.read + usage.written
  const used = [
    costLine(prices.bucket, usage.inBucket),
    costLine(prices.fastTier, usage.onFastTier),
    costLine(prices.fastRead, usage.read),
    costLine(prices.fastWrite, usage.written),
    costLine(prices.trafficOut, usage.read),
    ...(wayIn === 'nlb' ? [costLine(prices.loadBalancerTraffic, moved)] : []),
  ]
  return { standing, standingUsd: sum(standing), usage: used, usageUsd: sum(used) }
}

const standingOf: Record<WayIn, readonly (readonly [Price, number])[]> = {
  nlb: [
    [prices.loadBalancer, hoursPerMonth],
    [prices.publicAddress, hoursPerMonth],
  ],
  private: [],
  ssm: [
    [prices.instance, hoursPerMonth],
    [prices.publicAddress, hoursPerMonth],
    [prices.instanceDisk, instanceDiskGb],
  ],
}

function costLine(price: Price, quantity: number): CostLine {
  return { price, quantity, usd: price.usd * quantity }
}

function sum(lines: readonly CostLine[]): number {
  return lines.reduce((total, { usd }) => total + usd, 0)
}
