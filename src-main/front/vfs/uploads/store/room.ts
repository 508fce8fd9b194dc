import { statfsSync } from 'node:fs'

import type { Clock } from '../../../../lib/clock.ts'
import { AppError } from '../../../../shared/errors.ts'
import { fromDisk } from './disk-errors.ts'

/** Others write to the disk, too; what is written here is counted down at once. */
const ttlMs = 1_000

export interface RoomLimits {
  readonly maxBytes: number
  /** The disk's last bytes, which are left to others. */
  readonly reserveBytes: number
}

/** How much more the spool may take: within its own limit, and never the last of the disk. */
export class Room {
  readonly #dir: string
  readonly #limits: RoomLimits
  readonly #clock: Clock
  #usedBytes: number
  #freeBytes = 0
  #askedAtMs = Number.NEGATIVE_INFINITY

  constructor(dir: string, limits: RoomLimits, clock: Clock, usedBytes: number) {
    this.#dir = dir
    this.#limits = limits
    this.#clock = clock
    this.#usedBytes = usedBytes
  }

  get usedBytes(): number {
    return this.#usedBytes
  }

  /** @throws AppError `no-space` {maxBytes} or {reserveBytes}, whichever leaves no room for `bytes` more, nor for anything at all. */
  check(bytes: number): void {
    const wanted = Math.max(1, bytes)
    const { maxBytes, reserveBytes } = this.#limits
    if (this.#usedBytes + wanted > maxBytes) throw new AppError('no-space', { maxBytes })
    if (this.#free() - wanted < reserveBytes) throw new AppError('no-space', { reserveBytes })
  }

  /** Counts `bytes` that are about to be written. @throws AppError `no-space`, having counted nothing. */
  take(bytes: number): void {
    this.check(bytes)
    this.#usedBytes += bytes
    this.#freeBytes -= bytes
  }

  /** Counts out bytes whose file is gone. How much the disk has gained by it, the disk says when it is asked next. */
  giveBack(bytes: number): void {
    this.#usedBytes -= bytes
  }

  #free(): number {
    const nowMs = this.#clock.monotonicMs()
    if (nowMs - this.#askedAtMs >= ttlMs) {
      this.#freeBytes = freeBytesOf(this.#dir)
      this.#askedAtMs = nowMs
    }
    return this.#freeBytes
  }
}

function freeBytesOf(dir: string): number {
  try {
    const disk = statfsSync(dir)
    return disk.bavail * disk.bsize
  } catch (error) {
    throw fromDisk(error, dir)
  }
}
