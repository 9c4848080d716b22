/** The parts of the clip page's inspector, in their order. */
export const PANELS = ['faces', 'look', 'export', 'queue'] as const
export type PanelName = (typeof PANELS)[number]
