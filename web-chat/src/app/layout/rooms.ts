import {
  Coins,
  Layers,
  LayoutDashboard,
  type LucideIcon,
  MessageSquare,
  ShieldCheck,
} from 'lucide-react'

export interface Room {
  to: '/' | '/desk' | '/bots' | '/guard' | '/live'
  /** Addresses that belong to the room begin with this. */
  under: string
  key: string
  Icon: LucideIcon
  /** Tells how much there waits for a person. */
  awaits?: boolean
  /** Only where the desk is not beside the conversation. */
  phoneOnly?: boolean
}

/** The rooms of the product, in the order of the rail. A new room is one entry here and its routes. */
export const ROOMS: readonly Room[] = [
  { to: '/', under: '/chat', key: 'nav.chat', Icon: MessageSquare },
  { to: '/desk', under: '/desk', key: 'nav.desk', Icon: LayoutDashboard, phoneOnly: true },
  { to: '/bots', under: '/bots', key: 'nav.bots', Icon: Layers },
  { to: '/guard', under: '/guard', key: 'nav.guard', Icon: ShieldCheck, awaits: true },
  { to: '/live', under: '/live', key: 'nav.live', Icon: Coins },
]
