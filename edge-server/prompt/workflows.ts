/** The workflows a sentence can ask for, and what speaks for each. */
import type { Concept } from './words'

export const WORKFLOW_IDS = [
  'wan_vace_pose_transfer',
  'wan_vace_motion_transfer',
  'wan22_animate_mix',
  'wan22_animate_move',
  'wan_r2v_character',
  'liveportrait_animate',
  'face_swap_reactor',
] as const
export type WorkflowId = (typeof WORKFLOW_IDS)[number]

export interface Routed {
  readonly id: WorkflowId
  /** What it does, for a person who chooses. */
  readonly does: string
  readonly needs: { readonly image: boolean; readonly video: boolean }
  /** Points for concepts; with `+` between them, for their coming together. Negative ones speak against it. */
  readonly points: Readonly<Partial<Record<Concept | `${Concept}+${Concept}`, number>>>
}

export const ROUTED: readonly Routed[] = [
  {
    id: 'face_swap_reactor',
    does: 'puts the face of the picture on the person in the video, and leaves everything else as it is',
    needs: { image: true, video: true },
    points: {
      face: 2,
      'replace+face': 5,
      'put+face': 3,
      reactor: 20,
      body: -4,
      expression: -2,
      'animate+face': -3,
      'copy+expression': -4,
    },
  },
  {
    id: 'liveportrait_animate',
    does: 'makes the portrait talk, smile and look around like the person in the video',
    needs: { image: true, video: true },
    points: {
      expression: 3,
      portrait: 1,
      animate: 1,
      'animate+portrait': 3,
      'expression+portrait': 2,
      'expression+copy': 3,
      'expression+face': 1,
      livePortrait: 20,
      body: -4,
      replace: -3,
      scene: -2,
    },
  },
  {
    id: 'wan22_animate_mix',
    does: 'puts your character in the place of the person in the video, in the light of the scene',
    needs: { image: true, video: true },
    points: {
      replace: 1.5,
      'replace+person': 2,
      'replace+character': 1,
      keepScene: 2,
      'replace+keepScene': 3,
      wanAnimate: 6,
      mix: 8,
      face: -3,
      vace: -6,
      expression: -1,
      move: -6,
    },
  },
  {
    id: 'wan22_animate_move',
    does: 'makes the character of your picture move like the person in the video, in front of the picture’s own background',
    needs: { image: true, video: true },
    points: {
      motion: 2,
      asVideo: 1,
      'motion+asVideo': 2,
      'animate+character': 3,
      animate: 1.5,
      'motion+character': 1,
      keepPicture: 6,
      wanAnimate: 6,
      move: 8,
      replace: -3,
      face: -2,
      vace: -6,
      restyle: -2,
      mix: -6,
      'copy+motion': 0.5,
      expression: -1,
    },
  },
  {
    id: 'wan_vace_motion_transfer',
    does: 'films a new scene from your words, with the motion of the video',
    needs: { image: false, video: true },
    points: {
      copy: 1,
      'copy+motion': 4,
      motion: 1,
      asVideo: 0.5,
      restyle: 3,
      'scene+asVideo': 2,
      vace: 5,
      'vace+motion': 5,
      replace: -2,
      face: -2,
      pose: -1,
      'copy+expression': -5,
      keepScene: -2,
      keepPicture: -3,
    },
  },
  {
    id: 'wan_vace_pose_transfer',
    does: 'redraws the person in the video as your character, in exactly the same pose frame by frame',
    needs: { image: true, video: true },
    points: {
      replace: 2,
      'replace+person': 3,
      'replace+character': 1,
      'replace+body': 2,
      'replace+self': 1,
      pose: 4,
      body: 1,
      vace: 5,
      face: -3,
      wanAnimate: -5,
      expression: -1,
      mix: -3,
    },
  },
  {
    id: 'wan_r2v_character',
    does: 'films your character in a scene that you describe; no video is needed',
    needs: { image: true, video: false },
    points: {
      put: 2,
      scene: 2.5,
      'put+scene': 2,
      'put+self': 1,
      'put+character': 1,
      r2v: 20,
      asVideo: -5,
      replace: -3,
      face: -2,
      copy: -3,
      vace: -4,
      wanAnimate: -4,
      motion: 0.5,
      keepScene: -2,
      animate: -1,
    },
  },
]
