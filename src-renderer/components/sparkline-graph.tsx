import { useMemo, type ReactNode } from 'react'

import { sparklinePaths } from './sparkline.ts'

const size = { width: 84, height: 22, leastMax: 12 }

export function SparklineGraph({
  samples,
  label,
}: {
  samples: readonly (number | null)[]
  label: string
}): ReactNode {
  const { line, area, gaps } = useMemo(() => sparklinePaths(samples, size), [samples])
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${size.width} ${size.height}`}
      width={size.width}
      height={size.height}
      role="img"
      aria-label={label}
    >
      {/* One line under all of it, so that a gap is a part of the graph and not its end. */}
      <path className="sparkline-base" d={`M0 ${size.height - 0.5}H${size.width}`} />
      <path className="sparkline-area" d={area} />
      <path className="sparkline-gap" d={gaps} />
      <path className="sparkline-line" d={line} />
    </svg>
  )
}
