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
  const { line, area } = useMemo(() => sparklinePaths(samples, size), [samples])
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${size.width} ${size.height}`}
      width={size.width}
      height={size.height}
      role="img"
      aria-label={label}
    >
      <path className="sparkline-area" d={area} />
      <path className="sparkline-line" d={line} />
    </svg>
  )
}
