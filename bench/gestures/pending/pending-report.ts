import { textTable } from '../../lib/text-table.ts'
import { formatSeconds } from '../report.ts'
import type { PendingFigures } from './measure-pending.ts'

const maxStartSeconds = 2
const maxGrowthBytes = 50e6
/** As many as are delivered at the same time. */
const parallelDeliveries = 4

/** The aligned table, with the targets for 10,000 pending uploads. */
export function pendingLines(figures: PendingFigures): readonly string[] {
  const { count, emptyStartSeconds, fullStartSeconds, emptyBytes, acceptedBytes, fullBytes } = figures
  const growthBytes = fullBytes - emptyBytes
  const verdict = (isReached: boolean): string => (isReached ? 'yes' : 'NO')
  const rows = [
    [`${count} pending uploads`, 'measured', 'aim', 'reached'],
    [
      'Saves accepted per second, one after the other',
      Math.round(figures.acceptedPerSecond).toString(),
      '',
      '',
    ],
    ['Start-up with nothing pending, s', formatSeconds(emptyStartSeconds), '', ''],
    [
      'Start-up with all of them pending, s',
      formatSeconds(fullStartSeconds),
      `< ${maxStartSeconds}`,
      verdict(fullStartSeconds < maxStartSeconds),
    ],
    ['Memory with nothing pending, MB', megabytes(emptyBytes), '', ''],
    ['Memory growth after accepting them, MB', megabytes(acceptedBytes - emptyBytes), '', ''],
    [
      'Memory growth after starting with them, MB',
      megabytes(growthBytes),
      `< ${maxGrowthBytes / 1e6}`,
      verdict(growthBytes < maxGrowthBytes),
    ],
    [
      'Uploads known after a kill',
      String(figures.keptUploads),
      `= ${count}`,
      verdict(figures.keptUploads === count),
    ],
    [
      'Largest displacement in the order of delivery',
      String(figures.displacement),
      `< ${parallelDeliveries}`,
      verdict(figures.displacement < parallelDeliveries),
    ],
  ]
  return textTable(rows, ['left', 'right', 'right', 'left'])
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}
