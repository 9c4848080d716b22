/** A finished video in, the same video with the other face out. */
export function ClipView() {
  return <main class="clip" aria-label="Clip" />
}
