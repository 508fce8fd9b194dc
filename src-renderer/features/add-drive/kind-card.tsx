import type { ReactNode } from 'react'

import { Icon, type IconName } from '../../components/icon.tsx'

interface KindCardProps {
  readonly icon: IconName
  readonly title: string
  readonly text: string
  readonly onPress: () => void
}

export function KindCard({ icon, title, text, onPress }: KindCardProps): ReactNode {
  return (
    <button type="button" className="kind-card" onClick={onPress}>
      <Icon name={icon} />
      <span>
        <strong>{title}</strong>
        <small>{text}</small>
      </span>
    </button>
  )
}
